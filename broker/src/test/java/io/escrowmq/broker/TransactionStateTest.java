package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFiles;
import io.escrowmq.tx.EscrowFigures;
import io.escrowmq.tx.TransactionFilter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Half-messages and decisions on a disk that forgets: random work, crashes, and what was promised.
 * What was acknowledged and durable is there; nothing that was not committed is ever seen; nothing is
 * seen twice; a decision never changes; what is in doubt stays in escrow.
 */
class TransactionStateTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final String GROUP = "service";
  private static final int QUEUES = 2;
  private static final int ROUNDS = 6;
  private static final int STEPS = 80;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final Map<String, Fate> fates = new LinkedHashMap<>(); // by body
  private int bodies;

  /** What the sender of one half-message was told, and whether that was durable when we crashed. */
  private static final class Fate {
    private final String body;
    private long id = -1;
    private boolean halfDurable;
    private @Nullable String verdict; // the first one that was acknowledged
    private boolean verdictDurable;
    private boolean commitAsked;

    private Fate(String body) {
      this.body = body;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shouldKeepEveryPromiseAfterEveryCrash(long seed) throws IOException {
    Random random = new Random(seed);
    SimulatedFileSystem files = new SimulatedFileSystem(seed);
    for (int round = 0; round < ROUNDS; round++) {
      StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
      BrokerCore state = open(files, states);
      assertPromisesAreKept("seed " + seed + " round " + round, state);

      work(random, state, states);
      byte[] live = bytes(state.transactions.transactions().image());
      boolean isAllDurable = state.store.log().durable() == state.store.log().end();
      files.crash();

      String where = "seed " + seed + " round " + round;
      byte[] rebuilt = assertRebuiltEqualsRestored(where, files);
      if (isAllDurable) {
        assertThat(rebuilt).as("%s: rebuilt equals live", where).isEqualTo(live);
      }
      fates.values().removeIf(fate -> !fate.halfDurable); // never acknowledged as durable
      fates.values().forEach(TransactionStateTest::forgetWhatWasNotDurable);
    }
  }

  // With asynchronous flush a crash of the machine may take an acknowledged decision back.
  private static void forgetWhatWasNotDurable(Fate fate) {
    if (!fate.verdictDurable) {
      fate.verdict = null;
    }
  }

  private void work(Random random, BrokerCore state, StateFiles states) throws IOException {
    LogLoop loop = state.store.loop();
    loop.add(state.delays.delayed());
    TransactionFeature requests = requests(state, loop);
    FakeConnection producer = new FakeConnection(1);
    boolean isSyncedAtTheEnd = random.nextBoolean();
    BegunImages begun = null;
    for (int step = 0; step < STEPS; step++) {
      clock.advance(random.nextInt(2_000));
      int dice = random.nextInt(100);
      if (dice < 45) {
        sendHalf(random, state, requests, producer);
      } else if (dice < 80) {
        report(random, requests);
      } else {
        turn(loop);
        state.store.log().sync();
        fates.values().forEach(fate -> {
          fate.halfDurable = fate.id >= 0;
          fate.verdictDurable = fate.verdict != null;
        });
        if (dice > 90 && begun == null) {
          begun = BegunImages.of(state);
        } else if (dice > 90) {
          begun.write(states);
          begun = null;
        }
      }
      if (random.nextBoolean()) {
        turn(loop);
      }
    }
    if (isSyncedAtTheEnd) {
      turn(loop);
      state.store.log().sync();
    }
  }

  private void sendHalf(
      Random random, BrokerCore state, TransactionFeature requests, FakeConnection producer) {
    String topic = "t" + random.nextInt(2);
    int queueId = random.nextInt(QUEUES);
    Fate fate = new Fate("body-" + bodies++);
    fates.put(fate.body, fate);
    String properties = "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP;
    if (random.nextInt(4) == 0) {
      properties += "\u0002DELAY\u00011";
    }
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    byte[] message = TestMessages.encode(
        forge,
        topic,
        queueId,
        0,
        SysFlags.TRANSACTION_COMMIT,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.wrap(fate.body.getBytes(StandardCharsets.UTF_8)),
        forge.complete(""));
    Topic toCreate = Topic.of(topic, QUEUES, Topic.READ | Topic.WRITE);
    requests
        .intake()
        .offer(
            producer,
            HalfTerms.of(properties),
            new Destination(state.topics.catalog(), topic, toCreate),
            queueId,
            EncodedMessages.of(message),
            Once.no(),
            new MessageAppend.Outcome() {
              @Override
              public void stored(Receipt where) {
                fate.id = where.ids()[0];
              }

              @Override
              public void refused(Refusal why) {
                throw new AssertionError(RefusalPage.words(why));
              }
            });
  }

  private void report(Random random, TransactionFeature requests) {
    List<Fate> stored = fates.values().stream().filter(fate -> fate.id >= 0).toList();
    if (stored.isEmpty()) {
      return;
    }
    Fate fate = stored.get(random.nextInt(stored.size()));
    boolean commits = random.nextBoolean();
    fate.commitAsked |= commits;
    int outcome = commits ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_ROLLBACK;
    EndTransactionHeader header =
        new EndTransactionHeader(GROUP, 0, fate.id, outcome, false, "U", null, null);
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION) {
      @Override
      public void reply(Reply answered) {
        super.reply(answered);
        note(fate, this);
      }
    };
    requests.requests().dispatch(call.with(header));
  }

  private static void note(Fate fate, FakeCall call) {
    boolean isKnown = call.replyCode() == ResponseCode.SUCCESS
        || call.replyCode() == ResponseCode.TRANSACTION_DECIDED_OTHERWISE;
    assertThat(isKnown).as("%s: %s", fate.body, call.reply()).isTrue();
    String told = String.valueOf(call.replyFields().get("verdict"));
    if (fate.verdict != null) {
      assertThat(told).as("the decision about %s", fate.body).isEqualTo(fate.verdict);
    }
    fate.verdict = told;
  }

  private void assertPromisesAreKept(String where, BrokerCore state) {
    List<String> visible = visible(state);
    assertThat(visible).as("%s: nothing is seen twice", where).doesNotHaveDuplicates();
    List<Long> open = state
        .transactions
        .transactions()
        .coordinator()
        .list(new TransactionFilter(null, Long.MAX_VALUE, false, -1, Integer.MAX_VALUE))
        .stream()
        .map(transaction -> transaction.id())
        .toList();
    for (Fate fate : fates.values()) {
      if (fate.verdict != null && fate.verdict.equals("ROLLBACK")) {
        assertThat(visible)
            .as("%s: %s was rolled back", where, fate.body)
            .doesNotContain(fate.body);
      }
      if (!fate.commitAsked) {
        assertThat(visible)
            .as("%s: nobody committed %s", where, fate.body)
            .doesNotContain(fate.body);
      }
    }
    long waiting = state.delays.delayed().waiting();
    long committed =
        fates.values().stream().filter(fate -> "COMMIT".equals(fate.verdict)).count();
    long seen = fates.values().stream()
        .filter(fate -> "COMMIT".equals(fate.verdict) && visible.contains(fate.body))
        .count();
    assertThat(committed - seen)
        .as("%s: what was committed is visible, or waits for its time", where)
        .isLessThanOrEqualTo(waiting);
    for (Fate fate : fates.values()) {
      boolean isDecided = state.transactions.transactions().coordinator().decision(fate.id) != null
          || fate.verdict != null;
      assertThat(isDecided || open.contains(fate.id))
          .as("%s: %s is in escrow or decided", where, fate.body)
          .isTrue();
    }
  }

  private static List<String> visible(BrokerCore state) {
    List<String> found = new ArrayList<>();
    QueueEntries entries = new QueueEntries(1);
    try (LogReader reader = state.store.log().newReader()) {
      for (String topic : List.of("t0", "t1")) {
        for (int q = 0; q < QUEUES; q++) {
          ConsumeQueue queue = state.store.queues().find(topic, q);
          long end = queue == null ? 0 : queue.maxOffset();
          for (long offset = 0; queue != null && offset < end; offset++) {
            assertThat(queue.read(offset, entries)).isEqualTo(1);
            LogRecord record = reader.read(entries.position(0), entries.recordLength(0));
            assertThat(record).isNotNull();
            MessageView view =
                new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
            found.add(StandardCharsets.UTF_8.decode(view.body()).toString());
          }
        }
      }
    }
    return found;
  }

  /** Answers the image of what was rebuilt. */
  private byte[] assertRebuiltEqualsRestored(String where, SimulatedFileSystem files)
      throws IOException {
    BrokerCore restored = open(files, new StateFiles(files, DIRECTORY.resolve("state")));
    byte[] expected = bytes(restored.transactions.transactions().image());
    EscrowFigures expectedFigures = restored.transactions.transactions().figures();
    List<String> expectedVisible = visible(restored);
    restored.close();
    BrokerCore rebuilt = open(files, new StateFiles(files, DIRECTORY.resolve("no-state " + where)));
    byte[] actual = bytes(rebuilt.transactions.transactions().image());
    EscrowFigures actualFigures = rebuilt.transactions.transactions().figures();
    List<String> actualVisible = visible(rebuilt);
    rebuilt.close();
    assertThat(actual).as("%s: transactions", where).isEqualTo(expected);
    assertThat(actualFigures).as("%s: figures", where).isEqualTo(expectedFigures);
    assertThat(actualVisible).as("%s: queues", where).isEqualTo(expectedVisible);
    return actual;
  }

  private TransactionFeature requests(BrokerCore state, LogLoop loop) {
    state.transactions.duties().forEach(loop::add);
    return state.transactions;
  }

  private BrokerCore open(SimulatedFileSystem files, StateFiles states) {
    return TestCores.open(
        BrokerStateTest.settings(), files, states, clock.surroundings(), 64 << 20);
  }

  private static byte[] bytes(Image image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void turn(LogLoop loop) {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }
}
