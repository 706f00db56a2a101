package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One request's failure, one duty's, one answer's is its own; only the log's own stops the loop. */
class OneFailureTest {

  private static final int MOST_WAITING = 1 << 14; // of the test's inbox

  private final TestLog broker = new TestLog();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    broker.close();
  }

  /** Whatever a defect, a derived file or a lack of memory may throw. */
  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("a broken promise"),
        new IllegalArgumentException("a payload that fits no segment"),
        new StorageException(StorageException.Reason.CORRUPT, "a derived file is damaged"),
        new StorageException(StorageException.Reason.IO, "a derived file cannot be read"),
        new StorageException(StorageException.Reason.FULL, "a derived file finds no room"),
        new OutOfMemoryError("Cannot reserve 4194718 bytes of direct buffer memory"),
        new InternalError("a fault occurred in an unsafe memory access operation"),
        new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldRefuseOnlyTheProposalThatThrowsBeforeItHasRecordedAnything(Throwable failure) {
    // given
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.loop.offer(proposal("bad", recorder -> {
      recorder.whenSafe(() -> told.add("an effect of the bad one"));
      throwIt(failure);
    }));
    broker.loop.offer(proposal("last", recordTopic("last")));

    // when
    broker.settle();

    // then
    assertThat(told)
        .containsExactly(
            "first settled",
            "bad refused: the request could not be served, nothing was recorded: " + failure,
            "last settled");
    assertThat(broker.topics.find("last")).isNotNull();
    assertThat(broker.loop.stopped()).isNull();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldStopWhenAProposalThrowsAfterItHasRecorded(Throwable failure) {
    // given
    broker.createTopic("there", 1);
    long written = broker.log.written();

    // when
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.loop.offer(proposal("bad", recorder -> {
      recordTopic("half done").accept(recorder);
      throwIt(failure);
    }));
    broker.loop.offer(proposal("last", recordTopic("last")));
    broker.settle();

    // then
    assertThat(told).hasSize(3).allMatch(line -> line.contains(" abandoned: the log loop stopped"));
    assertThat(broker.failures).hasSize(1);
    assertThat(broker.log.failure()).isNotNull();
    broker.log.close();
    assertThat(broker.log.written()).as("nothing that was given up").isEqualTo(written);
  }

  @Test
  void shouldStopWhenADutyRecordsWhatNoViewCanApply() {
    // given
    broker.loop.add(duty(recorder -> recorder.record(RecordKind.TOPIC, 0, new byte[1])));

    // when
    broker.loop.turn();

    // then
    assertThat(broker.loop.stopped()).contains("a record's payload cannot be read");
    assertThat(broker.log.failure()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldLeaveOutADutyThatThrowsForAPauseThatGrows(Throwable failure) {
    // given
    List<Long> tried = new ArrayList<>();
    List<Long> others = new ArrayList<>();
    long start = broker.clock.millis();
    broker.loop.add(duty(recorder -> {
      tried.add(recorder.nowMillis() - start);
      throwIt(failure);
    }));
    broker.loop.add(duty(recorder -> others.add(recorder.nowMillis())));

    // when
    for (int i = 0; i < 160; i++) {
      broker.loop.turn();
      broker.clock.advance(1000);
    }

    // then
    assertThat(tried).startsWith(0L, 1000L, 3000L, 7000L, 15_000L, 31_000L, 63_000L, 123_000L);
    assertThat(others).hasSize(160);
    assertThat(broker.loop.stopped()).isNull();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldLeaveOutADutyThatCannotSayWhenItIsDue(Throwable failure) {
    // given
    List<Long> asked = new ArrayList<>();
    broker.loop.add(new Duty() {
      @Override
      public long nextMillis() {
        asked.add(broker.clock.millis());
        throwIt(failure);
        return 0;
      }

      @Override
      public void onTick(Recorder recorder) {}
    });

    // when
    broker.loop.turn();
    broker.loop.turn();
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.settle();

    // then
    assertThat(asked).hasSize(1);
    assertThat(told).containsExactly("first settled");
  }

  @Test
  void shouldTryADutyAtOnceAgainThatHasWorkedSinceItFailed() {
    // given
    List<Integer> tries = new ArrayList<>();
    broker.loop.add(duty(recorder -> {
      tries.add(tries.size());
      if (tries.size() == 1 || tries.size() == 3) {
        throw new IllegalStateException("now and then");
      }
    }));

    // when
    for (int i = 0; i < 4; i++) {
      broker.loop.turn();
      broker.clock.advance(1000);
    }

    // then
    assertThat(tries).hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldAnswerAllOthersOnceWhenOneAnswerFails(Throwable failure) {
    // given
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.loop.offer(failingAnswer("bad", failure));
    broker.loop.offer(proposal("last", recordTopic("last")));

    // when
    broker.settle();
    broker.settle();

    // then
    assertThat(told).containsExactly("first settled", "bad is settled", "last settled");
    assertThat(broker.loop.stopped()).isNull();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldAnswerAllOthersOnceWhenOneAnswerFailsAfterASync(Throwable failure) {
    // given
    broker.syncBeforeAnswers();
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.loop.offer(failingAnswer("bad", failure));
    broker.loop.offer(proposal("last", recordTopic("last")));
    broker.settle();
    broker.loop.offer(proposal("in the next batch", recordTopic("next")));
    broker.settle();

    // when
    broker.flush();
    broker.flush();

    // then
    assertThat(told)
        .containsExactly(
            "first settled", "bad is settled", "last settled", "in the next batch settled");
  }

  @Test
  void shouldStopAtOnceWhenASyncFailsAndNobodyAsksForAnything() {
    // given
    broker.syncBeforeAnswers();
    broker.loop.offer(proposal("first", recordTopic("first")));
    broker.settle();
    broker.files.fault((operation, file) -> {
      if (operation == Operation.SYNC) {
        throw new StorageException(StorageException.Reason.IO, "could not sync " + file);
      }
    });
    int woken = broker.woken();

    // when
    broker.flush();
    boolean hasWork = broker.loop.hasWork();
    broker.loop.turn();

    // then
    assertThat(broker.woken()).isGreaterThan(woken);
    assertThat(hasWork).isTrue();
    assertThat(broker.loop.stopped()).startsWith("the log stopped: could not sync");
  }

  @Test
  void shouldRefuseRequestsWhenMoreWaitForASyncThanTheInboxHolds() {
    // given
    broker.syncBeforeAnswers();
    int taken = 0;
    for (; taken < MOST_WAITING && broker.loop.offer(proposal("one", recorder -> {})); taken++) {
      if (taken % 100 == 0) {
        broker.settle(); // ruled on, but not settled: the sync hangs
      }
    }
    broker.settle();

    // when
    boolean oneMore = broker.loop.offer(proposal("one more", recorder -> {}));
    broker.flush();
    boolean afterTheSync = broker.loop.offer(proposal("after the sync", recorder -> {}));

    // then
    assertThat(taken).isEqualTo(MOST_WAITING);
    assertThat(oneMore).isFalse();
    assertThat(afterTheSync).isTrue();
  }

  @Test
  void shouldRefuseRequestsThatWouldWaitLongerThanTheirClientsDo() {
    // given
    broker.syncBeforeAnswers();
    for (int taken = 0; taken < WaitBound.FEW; taken++) {
      broker.loop.offer(proposal("one", recorder -> {}));
    }
    broker.settle(); // ruled on, but not settled: the sync hangs
    broker.clock.advance(10_000);
    boolean beforeItIsSeen = broker.loop.offer(proposal("one", recorder -> {}));
    broker.settle();

    // when
    boolean meanwhile = broker.loop.offer(proposal("one more", recorder -> {}));
    broker.flush();
    boolean afterTheSync = broker.loop.offer(proposal("after the sync", recorder -> {}));

    // then
    assertThat(beforeItIsSeen).isTrue();
    assertThat(meanwhile).isFalse();
    assertThat(afterTheSync).isTrue();
  }

  private Consumer<Recorder> recordTopic(String name) {
    return recorder -> recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(recorder.nowMillis(), Topic.of(name, 1, Topic.READ | Topic.WRITE)));
  }

  /** Throws what cannot be declared. */
  private static void throwIt(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private static Duty duty(Consumer<Recorder> work) {
    return new Duty() {
      @Override
      public long nextMillis() {
        return 0;
      }

      @Override
      public void onTick(Recorder recorder) {
        work.accept(recorder);
      }
    };
  }

  private Proposal proposal(String name, Consumer<Recorder> ruling) {
    return new TestProposal(name, ruling, () -> told.add(name + " settled"), told);
  }

  private Proposal failingAnswer(String name, Throwable failure) {
    Runnable settled = () -> {
      told.add(name + " is settled");
      throwIt(failure);
    };
    return new TestProposal(name, recordTopic(name), settled, told);
  }
}
