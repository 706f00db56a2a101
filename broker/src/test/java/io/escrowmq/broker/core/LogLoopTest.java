package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLoopTest {

  private final TestLog broker = new TestLog();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldJudgeEachProposalOnAStateThatContainsTheOneBeforeItInTheSameBatch() {
    // given
    List<Boolean> seen = new ArrayList<>();

    // when
    broker.loop.offer(proposal("first", this::recordTopic));
    broker.loop.offer(
        proposal("second", recorder -> seen.add(broker.topics.find("orders") != null)));
    broker.settle();

    // then
    assertThat(seen).containsExactly(true);
  }

  @Test
  void shouldAnswerInOrderAndOnlyAfterTheWrite() {
    // given
    long before = broker.log.written();
    broker.loop.offer(proposal("first", this::recordTopic, () -> broker.log.written() > before));
    broker.loop.offer(proposal("second", recorder -> {}));

    // when
    broker.settle();

    // then
    assertThat(told).containsExactly("first settled, written: true", "second settled");
  }

  /** That entries of queues go to their files is of no use to those who wait for an answer. */
  @Test
  void shouldAnswerBeforeItSealsQueues() {
    // given
    broker.createTopic("orders", 1);
    broker.files.fault((operation, file) -> {
      if (operation == Operation.WRITE && file.getParent().endsWith("queues")) {
        told.add("sealed");
      }
    });

    // when
    for (int i = 0; i < 100_000 && !told.contains("sealed"); i++) {
      told.clear();
      broker.loop.offer(proposal("send", recorder -> broker.record(recorder, "orders", 0, "a")));
      broker.settle();
    }

    // then
    assertThat(told).startsWith("send settled", "sealed");
  }

  @Test
  void shouldShowNothingBeforeItIsWritten() {
    // given
    broker.createTopic("orders", 1);
    List<Long> visibleWhileRuling = new ArrayList<>();

    // when
    broker.send("orders", 0, "a", "", 0);
    broker.rule(
        recorder -> visibleWhileRuling.add(broker.queues.obtain("orders", 0).maxOffset()));
    broker.loop.offer(proposal("third", recorder -> {
      recordTopic(recorder);
      visibleWhileRuling.add(broker.queues.obtain("orders", 0).maxOffset());
    }));
    broker.settle();

    // then
    assertThat(visibleWhileRuling).containsExactly(1L, 1L);
    assertThat(broker.queues.obtain("orders", 0).maxOffset()).isEqualTo(1);
  }

  @Test
  void shouldStopForGoodWhenAWriteFails() {
    // given
    broker.loop.offer(proposal("first", this::recordTopic));
    broker.files.failWrite(1);

    // when
    broker.settle();
    broker.loop.offer(proposal("second", this::recordTopic));

    // then
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).startsWith("first abandoned: the log stopped");
    assertThat(told.get(1)).startsWith("second abandoned: the log stopped");
    assertThat(broker.loop.stopped()).isNotNull();
  }

  @Test
  void shouldDoWhatWaitsWhenAGuestTakesTheTurn() {
    // given
    broker.loop.offer(proposal("first", this::recordTopic));

    // when
    broker.loop.go();

    // then
    assertThat(told).containsExactly("first settled");
    assertThat(broker.loop.turn()).isZero();
  }

  @Test
  void shouldKeepGuestsOffForTenTimesAsLongAsASlowWriteTook() {
    // given
    slowWrite(5);

    // when
    broker.loop.offer(proposal("second", this::recordTopic));
    broker.clock.advance(49);
    broker.loop.go();
    List<String> toldTooEarly = List.copyOf(told);
    broker.clock.advance(1);
    broker.loop.go();

    // then
    assertThat(toldTooEarly).containsExactly("first settled");
    assertThat(told).containsExactly("first settled", "second settled");
  }

  @Test
  void shouldLetGuestsGoOnAfterATurnThatWasLongForAnotherReasonThanTheDisk() {
    // given
    broker.loop.offer(proposal("first", recorder -> {
      recordTopic(recorder);
      broker.clock.advance(1000);
    }));
    broker.loop.go();

    // when
    broker.loop.offer(proposal("second", this::recordTopic));
    broker.loop.go();

    // then
    assertThat(told).containsExactly("first settled", "second settled");
  }

  @Test
  void shouldKeepGuestsOffForTenSecondsAtMostHoweverFarTheClockJumped() {
    // given
    slowWrite(3_600_000);

    // when
    broker.loop.offer(proposal("second", this::recordTopic));
    broker.clock.advance(10_000);
    broker.loop.go();

    // then
    assertThat(told).containsExactly("first settled", "second settled");
  }

  @Test
  void shouldTellEverybodyWhoWaitsWhenItIsStopped() {
    // given
    broker.loop.offer(proposal("first", recorder -> {}));

    // when
    broker.loop.stop("the broker is shutting down");
    broker.loop.offer(proposal("second", recorder -> {}));

    // then
    assertThat(told)
        .containsExactly(
            "first abandoned: the broker is shutting down",
            "second abandoned: the broker is shutting down");
  }

  @Test
  void shouldAskItsDutiesForTheirTimeInATurnOnly() {
    // given
    DueAt duty = new DueAt();
    broker.loop.add(duty);
    duty.dueMillis = broker.clock.millis() + 700;
    broker.loop.turn();
    int askedInTheTurn = duty.asked;

    // when
    long next = broker.loop.nextMillis();

    // then
    assertThat(next).isEqualTo(duty.dueMillis);
    assertThat(duty.asked).isEqualTo(askedInTheTurn);
  }

  @Test
  void shouldWakeItsThreadWhenAGuestHasMadeSomethingDueEarlierThanTheThreadKnows() {
    // given
    DueAt duty = new DueAt();
    broker.loop.add(duty);
    broker.loop.turn();
    broker.loop.nextMillis();

    // when
    guestMakesDue(duty, 300);
    int wokenForTheFirst = broker.woken();
    broker.loop.nextMillis();
    guestMakesDue(duty, 400);
    int wokenForALaterOne = broker.woken() - wokenForTheFirst;

    // then
    assertThat(wokenForTheFirst).isEqualTo(1);
    assertThat(wokenForALaterOne).isZero();
  }

  /** The thread would turn in vain, again and again, until the disk lets go of whoever has the turn. */
  @Test
  void shouldLetItsThreadRestWhileAGuestHasTheTurn() {
    // given
    DueAt duty = new DueAt();
    broker.loop.add(duty);
    duty.dueMillis = broker.clock.millis();
    List<Boolean> hadWork = new ArrayList<>();
    List<Long> restMillis = new ArrayList<>();
    broker.loop.offer(proposal("first", recorder -> {
      broker.loop.offer(proposal("second", this::recordTopic));
      hadWork.add(broker.loop.hasWork());
      restMillis.add(broker.loop.nextMillis() - broker.clock.millis());
    }));

    // when
    broker.loop.go();

    // then
    assertThat(hadWork).containsExactly(false);
    assertThat(restMillis.get(0)).isPositive();
    assertThat(told).containsExactly("first settled", "second settled");
    assertThat(broker.loop.hasWork()).isFalse();
  }

  private void guestMakesDue(DueAt duty, long inMillis) {
    broker.loop.offer(proposal(
        "due in " + inMillis, recorder -> duty.dueMillis = recorder.nowMillis() + inMillis));
    broker.loop.go();
  }

  /** Does nothing at a time that the test chooses. */
  private static final class DueAt implements Duty {

    private long dueMillis = Long.MAX_VALUE;
    private int asked;

    @Override
    public long nextMillis() {
      asked++;
      return dueMillis;
    }

    @Override
    public void onTick(Recorder recorder) {}
  }

  /** Its one write takes so long. */
  private void slowWrite(long millis) {
    broker.createTopic("there", 1); // the log's first window is filled
    AtomicLong left = new AtomicLong(millis);
    broker.files.duringWrites(() -> broker.clock.advance(left.getAndSet(0)));
    broker.loop.offer(proposal("first", this::recordTopic));
    broker.loop.go();
  }

  private void recordTopic(Recorder recorder) {
    recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(
            recorder.nowMillis(), Topic.of("orders", 1, Topic.READ | Topic.WRITE)));
  }

  private Proposal proposal(String name, Consumer<Recorder> ruling) {
    return new TestProposal(name, ruling, () -> told.add(name + " settled"), told);
  }

  private Proposal proposal(String name, Consumer<Recorder> ruling, BooleanSupplier written) {
    return new TestProposal(
        name, ruling, () -> told.add(name + " settled, written: " + written.getAsBoolean()), told);
  }
}
