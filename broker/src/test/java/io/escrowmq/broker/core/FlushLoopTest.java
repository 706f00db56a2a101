package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlushLoopTest {

  private final TestLog broker = new TestLog();
  private final FlushLoop flush =
      new FlushLoop(broker.log, broker.time.ticker(), () -> {}, () -> {}, Settlement.WRITTEN);
  private final List<String> settled = new ArrayList<>();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldSettleInTheirOrderWhatOneSyncCovers() {
    // given
    broker.createTopic("orders", 1);
    flush.hand(batch("first", broker.log.written()));
    broker.send("orders", 0, "body", "", 0);
    flush.hand(batch("second", broker.log.written()));
    long syncs = broker.files.syncs();

    // when
    int turned = flush.turn();

    // then
    assertThat(turned).isEqualTo(2);
    assertThat(settled).containsExactly("first", "second");
    assertThat(broker.files.syncs() - syncs).isOne();
  }

  /** The log goes on while it is synced. */
  @Test
  void shouldSettleNothingThatWasWrittenAfterTheSync() {
    // given
    broker.createTopic("orders", 1);
    long end = broker.log.written();
    flush.hand(batch("before", end));
    flush.hand(batch("after", end + 1));

    // when
    flush.turn();
    List<String> atOnce = List.copyOf(settled);
    boolean hasWorkLeft = flush.hasWork();
    broker.send("orders", 0, "body", "", 0);
    flush.turn();

    // then
    assertThat(atOnce).containsExactly("before");
    assertThat(hasWorkLeft).isTrue();
    assertThat(settled).containsExactly("before", "after");
  }

  @Test
  void shouldSettleNothingEverAgainWhenASyncHasFailed() {
    // given
    broker.createTopic("orders", 1);
    broker.files.failSync(1);
    flush.hand(batch("lost", broker.log.written()));
    flush.turn();

    // when
    flush.hand(batch("later", broker.log.written()));
    flush.turn();

    // then
    assertThat(settled).containsExactly("lost abandoned", "later abandoned");
  }

  private Batch batch(String name, long end) {
    Proposal proposal = new Proposal() {
      @Override
      public int weight() {
        return 1;
      }

      @Override
      public void rule(Recorder recorder) {}

      @Override
      public void settle() {
        settled.add(name);
      }

      @Override
      public void refuse(String reason) {
        settled.add(name + " refused");
      }

      @Override
      public void abandon(String reason) {
        settled.add(name + " abandoned");
      }
    };
    return new Batch(
        end,
        List.of(),
        new long[0],
        List.of(proposal),
        0,
        new Batch.Surroundings(
            List.of(), new Inbox(1, 1), new FailureLog("it is counted", broker.time.ticker())));
  }
}
