package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.queue.ConsumeQueue;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicatedSettlementTest {

  private final TestLog broker = new TestLog();
  private int woken; // the log loop
  private final ReplicatedSettlement settlement = new ReplicatedSettlement(
      broker.log,
      broker.time.ticker(),
      TestMachine.REAL.worker("settle-loop"),
      () -> {},
      () -> woken++);
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void write() {
    broker.createTopic("orders", 1);
    broker.log.awaitReplicas();
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldSettleWhatEnoughReplicasHave() {
    // given
    settlement.hand(batch("first", broker.log.written()));
    broker.send("orders", 0, "body", "", 0);
    settlement.hand(batch("second", broker.log.written()));
    assertThat(told).isEmpty();

    // when
    broker.log.commit(broker.log.written() - 1);
    settlement.settle();

    // then
    assertThat(told).containsExactly("first");

    // when
    broker.log.commit(broker.log.written());
    settlement.settle();

    // then
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void shouldSettleAtOnceWhatTheyHaveAlready() {
    broker.log.commit(broker.log.written());
    settlement.hand(batch("only", broker.log.written()));
    assertThat(told).containsExactly("only");
  }

  @Test
  void shouldTellThoseWhoHaveWaitedTooLongAndSettleTheRestLater() {
    // given
    settlement.hand(batch("first", broker.log.written()));
    broker.clock.advance(ReplicatedSettlement.PATIENCE_MILLIS - 1);
    settlement.hand(batch("second", broker.log.written()));
    settlement.turn();
    assertThat(told).isEmpty();

    // when
    broker.clock.advance(1);
    settlement.turn();

    // then
    assertThat(told).containsExactly("first abandoned [NOT-REPLICATED]");

    // when
    broker.log.commit(broker.log.written());
    settlement.settle();

    // then
    assertThat(told)
        .containsExactly("first abandoned [NOT-REPLICATED]", "first of the broker", "second");
  }

  @ParameterizedTest
  @CsvSource({"3000, 100", "3000, 1000", "60, 50000"})
  void shouldKeepFewOfManyThatNobodyWaitsForAndShowThemAll(int most, int length) {
    // given: more than one merged batch holds, by number or by bytes
    String body = "x".repeat(length);
    for (int i = 0; i < most; i++) {
      broker.send("orders", 0, body, "", 0);
      settlement.hand(batch(String.valueOf(i), broker.log.written()));
    }

    // when
    broker.clock.advance(ReplicatedSettlement.PATIENCE_MILLIS);
    settlement.turn();

    // then
    assertThat(settlement.unanswered()).isBetween(3, 8);
    assertThat(told).hasSize(most);

    // when: a part of them, then the rest
    broker.log.commit(broker.log.written() / 2);
    settlement.settle();
    int shown = told.size() - most;
    broker.log.commit(broker.log.written());
    settlement.settle();

    // then
    assertThat(shown).isBetween(most / 10, most / 2);
    assertThat(told.subList(most, told.size()))
        .containsExactlyElementsOf(
            IntStream.range(0, most).mapToObj(i -> i + " of the broker").toList());
  }

  @Test
  void shouldStopTheLogWhenABatchCannotBeShownAndGoOnWithTheNext() {
    // given
    Batch first = batch("first", broker.log.written());
    List<ConsumeQueue> broken = new AbstractList<>() {
      @Override
      public ConsumeQueue get(int index) {
        throw new IllegalStateException("a broken view");
      }

      @Override
      public int size() {
        return 1;
      }
    };
    settlement.hand(
        new Batch(first.end(), broken, new long[1], first.proposals(), 0, first.around()));
    settlement.hand(batch("second", broker.log.written()));

    // when
    broker.log.commit(broker.log.written());
    settlement.settle();

    // then
    assertThat(broker.log.failure()).hasMessageContaining("a broken view");
    assertThat(woken).isOne();
    assertThat(told).containsExactly("second");
  }

  @Test
  void shouldTellAllWhenItStops() {
    settlement.hand(batch("first", broker.log.written()));
    settlement.stop("[STOPPED] for a test");
    settlement.hand(batch("second", broker.log.written()));
    assertThat(told).containsExactly("first abandoned [STOPPED]", "second abandoned [STOPPED]");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldTellEachOnceAndInOrder(long seed) {
    // given
    Random random = new Random(seed);
    List<Long> ends = new ArrayList<>();

    // when
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          broker.send("orders", 0, "body", "", 0);
          ends.add(broker.log.written());
          settlement.hand(batch(String.valueOf(ends.size()), broker.log.written()));
        }
        case 2 -> {
          broker.log.commit(ends.isEmpty() ? 0 : ends.get(random.nextInt(ends.size())));
          settlement.settle();
        }
        case 3 -> broker.clock.advance(random.nextInt(1_000));
        default -> settlement.turn();
      }
    }
    settlement.stop("[STOPPED] for a test");

    // then
    List<Integer> answered = told.stream()
        .filter(one -> !one.endsWith("of the broker"))
        .map(one -> Integer.valueOf(firstWord(one)))
        .toList();
    assertThat(answered)
        .as("seed %s", seed)
        .hasSize(ends.size())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static String firstWord(String text) {
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  private Batch batch(String name, long end) {
    Proposal request = new Proposal() {
      @Override
      public int weight() {
        return 0;
      }

      @Override
      public void rule(Recorder recorder) {}

      @Override
      public void settle() {
        told.add(name);
      }

      @Override
      public void refuse(String reason) {
        told.add(name + " refused");
      }

      @Override
      public void abandon(String reason) {
        told.add(name + " abandoned " + firstWord(reason));
      }
    };
    Consumer<Recorder> nothing = recorder -> {};
    Proposal inner = new InnerProposal(nothing, () -> {
      if (told.contains(name + " abandoned [NOT-REPLICATED]")) {
        told.add(name + " of the broker");
      }
    });
    return new Batch(
        end,
        List.of(),
        new long[0],
        List.of(request, inner),
        0,
        new Batch.Surroundings(
            List.of(),
            new Inbox(10, 10),
            new FailureLog("nobody else was hurt", broker.time.ticker())));
  }
}
