package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * docs/half-message.md 6.2, for whatever is in escrow: delays longer than messages are kept, half-messages
 * with and without a delay, little retention, crashes. What became visible can be read for half of the
 * retention at least, and nothing in escrow holds up the deletion of old segments.
 */
class EscrowPromiseTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final int SEGMENT_BYTES = 128 * 1024;
  private static final int ROUNDS = 5;
  private static final int STEPS = 120;
  private static final long SLACK_MILLIS = 30_000; // a step, and what is done once a second
  private static final long SLACK_BYTES = 2 * SEGMENT_BYTES;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final Map<String, Fate> fates = new LinkedHashMap<>(); // by body
  private int bodies;

  /** One message that was in escrow. */
  private static final class Fate {
    private long dueMillis = Long.MAX_VALUE; // when it is to become visible, once that is known
    private long id; // of a half-message
    private boolean isDurable;
    private long visibleMillis = -1; // since when it is
    private long visibleEnd; // where the log ended then
  }

  @ParameterizedTest
  @CsvSource({
    "1, 600000, 0",
    "2, 600000, 0",
    "3, 600000, 0",
    "4, 86400000, 1048576",
    "5, 86400000, 1048576",
    "6, 86400000, 1048576",
    "7, 600000, 1048576",
    "11, 600000, 0",
    "13, 600000, 0",
    "24, 600000, 0"
  })
  void shouldKeepWhatWasInEscrowReadableForHalfOfTheRetention(
      long seed, long keepMillis, long keepBytes) {
    Random random = new Random(seed);
    SimulatedFileSystem files = new SimulatedFileSystem(seed);
    BrokerSettings settings = settings(keepMillis, keepBytes);
    long deletedBefore = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String where = "seed " + seed + " round " + round;
      StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
      BrokerCore state = TestCores.open(
          settings, files, states, clock.surroundings(), Runtime.getRuntime().maxMemory());
      work(random, where, state, settings);
      deletedBefore = state.store.log().start();
      assertHeldUpByNothing(where, state, settings);
      files.crash();
      forgetWhatIsNotCertain();
    }
    assertThat(deletedBefore).as("seed %s: old segments go", seed).isGreaterThan(SEGMENT_BYTES);
  }

  private void work(Random random, String where, BrokerCore state, BrokerSettings settings) {
    LogLoop loop = state.store.loop();
    TransactionFeature requests = state.transactions;
    StateKeeper keeper = state.upkeep().states();
    state.duties().forEach(loop::add);
    MessageIntake intake = new MessageIntake(
        loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS);
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    turn(loop);
    for (int step = 0; step < STEPS; step++) {
      int dice = random.nextInt(100);
      if (dice < 6) {
        long due = clock.millis() + 1 + random.nextInt(1_800_000);
        Fate fate = fate(due);
        intake.offer(
            TOPIC, topic(), 0, message(forge, 0, "", "escrow-" + bodies), due, outcome(id -> {}));
        fate.isDurable = false;
      } else if (dice < 12) {
        Fate fate = fate(Long.MAX_VALUE);
        String group = Properties.with("", "PGROUP", GROUP);
        String properties = random.nextBoolean() ? group : Properties.with(group, "DELAY", "15");
        requests
            .intake()
            .offer(
                new FakeConnection(1),
                HalfTerms.of(properties),
                new Destination(state.topics.catalog(), TOPIC, topic()),
                1,
                message(forge, 1, properties, "escrow-" + bodies),
                Once.no(),
                outcome(id -> fate.id = id));
      } else if (dice < 18) {
        commitOne(random, requests, loop);
      } else {
        intake.offer(
            TOPIC, topic(), 0, message(forge, 0, "", "x".repeat(3_500)), 0, outcome(id -> {}));
      }
      turn(loop);
      if (random.nextInt(3) > 0) {
        state.store.log().sync();
        keeper.writer().turn();
        fates.values().forEach(fate -> fate.isDurable = true);
      }
      clock.advance(random.nextInt(20_000));
      turn(loop);
      assertThat(loop.stopped()).as(where).isNull();
      assertPromises(where + " step " + step, state, settings);
    }
  }

  private void commitOne(Random random, TransactionFeature requests, LogLoop loop) {
    List<Fate> open = fates.values().stream()
        .filter(fate -> fate.id > 0 && fate.dueMillis == Long.MAX_VALUE && fate.isDurable)
        .toList();
    if (open.isEmpty()) {
      return;
    }
    Fate fate = open.get(random.nextInt(open.size()));
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            GROUP, 0, fate.id, SysFlags.TRANSACTION_COMMIT, false, "U", null, null));
    requests.requests().dispatch(call);
    turn(loop);
    assertThat(call.replyFields()).as(String.valueOf(call.reply())).containsKey("verdict");
    fate.dueMillis = clock.millis() + 1_200_000; // the delay of those that have one
    fate.isDurable = false;
  }

  private void assertPromises(String where, BrokerCore state, BrokerSettings settings) {
    Set<String> visible = visible(state);
    long now = clock.millis();
    fates.forEach((body, fate) -> {
      if (visible.contains(body) && fate.visibleMillis < 0) {
        fate.visibleMillis = now;
        fate.visibleEnd = state.store.log().end();
      }
      if (fate.visibleMillis >= 0) {
        long bytesAfter = state.store.log().end() - fate.visibleEnd;
        boolean isPromised =
            now - fate.visibleMillis < settings.retention().toMillis() / 2 - SLACK_MILLIS
                && (settings.retentionBytes() == 0
                    || bytesAfter < settings.retentionBytes() / 2 - SLACK_BYTES);
        assertThat(visible.contains(body) || !isPromised)
            .as("%s: %s is readable", where, body)
            .isTrue();
      } else if (fate.isDurable && fate.dueMillis < now - 1_000) {
        throw new AssertionError(where + ": " + body + " is due since " + fate.dueMillis);
      }
    });
  }

  /** Whatever is in escrow: what is older than the limits allow is gone, but for a segment or two. */
  private static void assertHeldUpByNothing(
      String where, BrokerCore state, BrokerSettings settings) {
    if (settings.retentionBytes() > 0) {
      assertThat(state.store.log().end() - state.store.log().start())
          .as("%s: bytes of log", where)
          .isLessThan(2 * settings.retentionBytes());
    }
  }

  // A crash takes back what was not durable.
  private void forgetWhatIsNotCertain() {
    fates.values().removeIf(fate -> !fate.isDurable);
  }

  private static Set<String> visible(BrokerCore state) {
    Set<String> found = new HashSet<>();
    QueueEntries entries = new QueueEntries(1);
    try (LogReader reader = state.store.log().newReader()) {
      for (int q = 0; q < 2; q++) {
        ConsumeQueue queue = state.store.queues().find(TOPIC, q);
        long end = queue == null ? 0 : queue.maxOffset();
        for (long offset = queue == null ? 0 : queue.minOffset(); offset < end; offset++) {
          queue.read(offset, entries);
          LogRecord record = reader.read(entries.position(0));
          if (record != null) {
            MessageView view =
                new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
            found.add(StandardCharsets.UTF_8.decode(view.body()).toString());
          }
        }
      }
    }
    return found;
  }

  private Fate fate(long dueMillis) {
    Fate fate = new Fate();
    fate.dueMillis = dueMillis;
    fates.put("escrow-" + ++bodies, fate);
    return fate;
  }

  private EncodedMessages message(MessageForge forge, int queueId, String properties, String body) {
    return EncodedMessages.of(TestMessages.encode(
        forge,
        TOPIC,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        forge.complete(properties)));
  }

  private static MessageAppend.Outcome outcome(LongConsumer stored) {
    return new MessageAppend.Outcome() {
      @Override
      public void stored(Receipt where) {
        stored.accept(where.ids()[0]);
      }

      @Override
      public void refused(Refusal why) {
        throw new AssertionError(RefusalPage.words(why));
      }
    };
  }

  private static Topic topic() {
    return Topic.of(TOPIC, 2, Topic.READ | Topic.WRITE);
  }

  private static void turn(LogLoop loop) {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }

  private static BrokerSettings settings(long keepMillis, long keepBytes) {
    return new TestSettings()
        .segments(SEGMENT_BYTES, 4096)
        .retention(Duration.ofMillis(keepMillis), keepBytes)
        .build();
  }
}
