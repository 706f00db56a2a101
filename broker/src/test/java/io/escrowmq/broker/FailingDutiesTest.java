package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.SealingDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each duty that a broker has, thrown out of at each nth thing that it asks for, before or after that is
 * done, and all derived files failing alike: requests are served all the time, and when it is over, the
 * duty has caught up and has done nothing twice.
 */
class FailingDutiesTest {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final Path DIRECTORY = Path.of("/data");
  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final int SEGMENT_BYTES = 128 * 1024;
  private static final long STEP_MILLIS = 2_000;
  private static final int STEPS = 60;
  private static final int STEPS_TO_RECOVER = 140; // the longest pause, and what was missed
  private static final int MOST_NTH = 5;

  private static final int OFTEN_CALLED = 2; // every duty asks for so many things
  private static final long HEAP_BYTES = 8 << 20; // queues are sealed while the fault is there

  // Beside each of the duties, by its name.
  private static final String DERIVED_FILES = "derived files";
  private static final String CLOCK_OF_CHECKS = "the clock of checks";

  static Stream<Arguments> failures() {
    List<Arguments> all = new ArrayList<>();
    for (int nth = 1; nth <= MOST_NTH; nth++) {
      all.add(Arguments.of(DERIVED_FILES, nth, false));
      all.add(Arguments.of(CLOCK_OF_CHECKS, nth, false));
      for (String duty : duties()) {
        all.add(Arguments.of(duty, nth, false));
        all.add(Arguments.of(duty, nth, true));
      }
    }
    return all.stream();
  }

  /** The names of all that a broker has. */
  private static List<String> duties() {
    return new FailingDutiesTest()
        .state.duties().stream().map(FailingDutiesTest::nameOf).toList();
  }

  private static String nameOf(Duty duty) {
    return duty.getClass().getSimpleName();
  }

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
  private final BrokerCore state =
      TestCores.open(settings(), files, states, surroundings(), HEAP_BYTES);
  private final MetricRegistry metrics = state.host().metrics();
  private final LogLoop loop = state.store.loop();
  private final StateKeeper keeper = state.upkeep().states();
  private final MessageForge forge =
      new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
  private final Deque<Long> halves = new ArrayDeque<>();
  private int wanted; // of messages that are to become visible in queue 0
  private int stored;
  private int refused;

  // The fault

  private int every; // one of so many calls fails; 0: none
  private boolean afterwards; // and has done its work
  private int calls;
  private int struck;
  private boolean inLoop; // only what runs there is struck
  private boolean isClockOfChecksBroken;

  private Surroundings surroundings() {
    Ticker ticker = clock.ticker();
    Ticker failing = () -> {
      if (inLoop && isClockOfChecksBroken && isAskedByTheDutyOfChecks()) {
        strike("no clock");
      }
      return ticker.millis();
    };
    return clock.surroundings().withTime(clock, failing);
  }

  private static boolean isAskedByTheDutyOfChecks() {
    return StackWalker.getInstance()
        .walk(frames -> frames
            .filter(frame -> !frame.getClassName().startsWith(FailingDutiesTest.class.getName()))
            .findFirst()
            .filter(asking -> asking.getClassName().endsWith(".CheckDuty"))
            .isPresent());
  }

  @Test
  void shouldKnowEveryDutyOfTheBroker() {
    assertThat(duties())
        .as("a core has all implementations of Duty")
        .containsExactlyInAnyOrderElementsOf(Implementations.of(Duty.class));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldServeRequestsWhileADutyFailsAndCatchUpAfterwards(
      String failing, int nth, boolean isAfterwards) {
    // given
    TransactionFeature requests = wire(failing);
    Loop writer = keeper.writer();
    for (int step = 0; step < STEPS; step++) {
      step(requests, writer, step);
    }
    assertThat(refused).isZero();

    // when
    afterwards = isAfterwards;
    every = nth;
    if (failing.equals(DERIVED_FILES)) {
      files.fault((operation, file) -> {
        if (!file.startsWith(DIRECTORY.resolve("log"))) {
          strikeFile("could not " + operation + " " + file);
        }
      });
    }
    if (failing.equals(SealingDuty.class.getSimpleName())) {
      files.fault((operation, file) -> {
        if (operation == Operation.WRITE && file.startsWith(DIRECTORY.resolve("queues"))) {
          throw new StorageException(StorageException.Reason.FULL, "no room for " + file);
        }
      });
    }
    for (int step = 0; step < STEPS; step++) {
      step(requests, writer, step);
    }
    every = 0;
    files.fault((operation, file) -> {});
    if (nth <= OFTEN_CALLED) {
      assertThat(struck).as("the fault was there").isPositive();
    }
    assertThat(refused).as("requests that were refused").isZero();
    long start = state.store.log().start();
    long end = state.store.log().end();
    for (int step = 0; step < STEPS_TO_RECOVER; step++) {
      step(requests, writer, step);
    }
    clock.advance(120_000);
    turn();
    turn();

    // then
    assertThat(loop.stopped()).isNull();
    assertThat(refused).isZero();
    assertThat(metric("escrowmq_failing_duties")).isZero();
    assertThat(state.store.log().start()).as("retention goes on").isGreaterThan(start);
    assertThat(state.store.queues().hasUnsealed()).isFalse();
    assertThat(checksSince(end)).as("producers are asked").isPositive();
    ConsumeQueue queue = state.store.queues().find(TOPIC, 0);
    assertThat(queue.maxOffset()).as("each is visible once").isEqualTo(wanted);
    assertThat(queue.read(wanted - 1, new QueueEntries(1))).isOne();
    files.kill(); // what was reported is in the log
    BrokerCore again = TestCores.open(
        settings(),
        files,
        new StateFiles(files, DIRECTORY.resolve("state")),
        clock.surroundings(),
        HEAP_BYTES);
    assertThat(again.offsets.offsets().find(GROUP, TOPIC, 0)).isEqualTo(stored);
    assertThat(again.upkeep().states().lastPosition())
        .as("a state file was written")
        .isGreaterThan(start);
  }

  /** As a broker registers them; one of them fails. */
  private TransactionFeature wire(String failing) {
    isClockOfChecksBroken = failing.equals(CLOCK_OF_CHECKS);
    for (Duty duty : state.duties()) {
      loop.add(nameOf(duty).equals(failing) ? broken(duty) : duty);
    }
    return state.transactions;
  }

  /** The duty on a recorder whose every nth call fails; the end of a tick counts as one. */
  private Duty broken(Duty duty) {
    return new Duty() {
      @Override
      public long nextMillis() {
        return duty.nextMillis();
      }

      @Override
      public void onTick(Recorder recorder) {
        duty.onTick(
            afterwards
                ? WatchedRecorder.of(recorder, name -> {}, FailingDutiesTest.this::strike)
                : WatchedRecorder.of(recorder, FailingDutiesTest.this::strike, name -> {}));
        strike("at the end of a tick");
      }
    };
  }

  private void strike(String what) {
    if (every > 0 && ++calls % every == 0) {
      struck++;
      if (struck % 2 == 0) {
        throw new StorageException(StorageException.Reason.IO, what);
      }
      throw new IllegalStateException(what);
    }
  }

  // A file system throws nothing else.
  private void strikeFile(String what) {
    if (every > 0 && ++calls % every == 0) {
      struck++;
      throw new StorageException(StorageException.Reason.IO, what);
    }
  }

  private void step(TransactionFeature requests, Loop writer, int step) {
    MessageIntake intake = new MessageIntake(
        loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS);
    intake.offer(TOPIC, topic(), 0, message(0, 3_500), 0, outcome());
    intake.offer(TOPIC, topic(), 0, message(0, 10), clock.millis() + 60_000, outcome());
    wanted += 2;
    requests
        .intake()
        .offer(
            new FakeConnection(1),
            HalfTerms.of(Properties.with("", "PGROUP", GROUP)),
            new Destination(state.topics.catalog(), TOPIC, topic()),
            1,
            message(1, 10),
            Once.no(),
            new AnswerLog(true));
    turn();
    if (step % 3 > 0) {
      commit(requests, halves.removeLast());
    }
    state.offsets.offsets().report(GROUP, TOPIC, 0, stored);
    clock.advance(STEP_MILLIS);
    turn();
    state.store.log().sync();
    try {
      writer.turn();
    } catch (RuntimeException e) {
      assertThat(struck).as(e.toString()).isPositive(); // its thread tries again
    }
    assertThat(loop.stopped()).isNull();
  }

  private void commit(TransactionFeature requests, long id) {
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            GROUP, 0, id, SysFlags.TRANSACTION_COMMIT, false, "U", null, null));
    requests.requests().dispatch(call);
    turn();
    assertThat(call.replyFields()).as(call.reply().remark()).containsEntry("verdict", "COMMIT");
  }

  private void turn() {
    inLoop = true;
    int turns = 0;
    while (loop.turn() > 0 && turns++ < 1_000) {
      // each turn is bounded
    }
    inLoop = false;
  }

  private long checksSince(long position) {
    AtomicLong checks = new AtomicLong();
    state.store.log().scan(record -> {
      if (record.kind() == RecordKind.CHECK && record.position() >= position) {
        checks.incrementAndGet();
      }
    });
    return checks.get();
  }

  private long metric(String name) {
    return metrics.read().metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .mapToLong(MetricsTable.Metric::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }

  private MessageAppend.Outcome outcome() {
    return new AnswerLog(false);
  }

  private final class AnswerLog implements MessageAppend.Outcome {

    private final boolean half;

    AnswerLog(boolean half) {
      this.half = half;
    }

    @Override
    public void stored(Receipt where) {
      stored++;
      if (half) {
        halves.add(where.ids()[0]);
      }
    }

    @Override
    public void refused(Refusal why) {
      refused++;
    }
  }

  private EncodedMessages message(int queueId, int bytes) {
    return EncodedMessages.of(TestMessages.encode(
        forge,
        TOPIC,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.allocate(bytes),
        forge.complete(Properties.with("", "PGROUP", GROUP))));
  }

  private static Topic topic() {
    return Topic.of(TOPIC, 2, Topic.READ | Topic.WRITE);
  }

  private static BrokerSettings settings() {
    return new TestSettings()
        .segments(SEGMENT_BYTES, 4096)
        .retention(Duration.ofHours(1), 3 * SEGMENT_BYTES)
        .build();
  }
}
