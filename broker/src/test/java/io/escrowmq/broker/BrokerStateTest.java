package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFiles;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole durable side of a broker on a disk that forgets: random work, crashes, comparisons. */
class BrokerStateTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final int TOPICS = 3;
  private static final int QUEUES = 2;
  private static final int ROUNDS = 6;
  private static final int STEPS = 60;

  private static final int FEW_BYTES = 3_000; // not enough to remember the sends of all topics

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private Deduplication deduplication = Deduplication.DEFAULT;

  /** What the sender was told, or will have been told once the log is synced. */
  private record SendAnswer(String topic, int queueId, long offset, String body) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldKeepWhatWasDurableAndRebuildTheSameViewsAfterEveryCrash(long seed) throws IOException {
    Random random = new Random(seed);
    if (seed % 2 == 0) {
      deduplication = new Deduplication(Deduplication.Of.MARKED, 1000, FEW_BYTES);
    }
    SimulatedFileSystem files = new SimulatedFileSystem(seed);
    List<SendAnswer> durable = new ArrayList<>();

    for (int round = 0; round < ROUNDS; round++) {
      // given
      StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
      BrokerCore state = open(files, states);
      assertEverythingIsThere(seed, round, state, durable);
      List<SendAnswer> told = new ArrayList<>(durable);

      // when
      work(random, state, states, told, durable);
      files.crash();

      // then
      assertRebuiltEqualsRestored(seed, round, files);
    }
  }

  private void work(
      Random random,
      BrokerCore state,
      StateFiles states,
      List<SendAnswer> told,
      List<SendAnswer> durable)
      throws IOException {
    LogLoop loop = loop(state);
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    MessageIntake intake = new MessageIntake(
        loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS);
    BegunImages begun = null;
    for (int step = 0; step < STEPS; step++) {
      clock.advance(random.nextInt(400));
      int dice = random.nextInt(100);
      if (dice < (isTight() ? 40 : 70)) {
        send(random, forge, state, intake, told);
      } else if (dice < (isTight() ? 78 : 73) && !durable.isEmpty()) {
        sendAgain(forge, state, intake, durable.get(random.nextInt(durable.size())), told);
      } else if (dice < 80) {
        state
            .offsets
            .offsets()
            .report("group", "t" + random.nextInt(TOPICS), 0, random.nextInt(50));
      } else if (dice < 84) {
        long some = state.store.log().start()
            + random.nextLong(Math.max(1, state.store.log().written()));
        loop.offer(new InnerProposal(
            recorder -> new EscrowRenewal(state.store.log(), List.of(state.delays.delayed()))
                .renewBefore(some, recorder),
            () -> {}));
      } else if (dice < 91) {
        turn(loop);
        state.store.log().sync();
        durable.clear();
        durable.addAll(told);
      } else {
        turn(loop);
        state.store.log().sync();
        durable.clear();
        durable.addAll(told);
        if (begun == null) {
          begun = BegunImages.of(state);
        } else {
          begun.write(states);
          begun = null;
        }
      }
      if (random.nextBoolean()) {
        turn(loop);
      }
    }
  }

  // Then topics are forgotten all the time, and sends come again that are remembered, or not.
  private boolean isTight() {
    return deduplication.bytes() == FEW_BYTES;
  }

  private void send(
      Random random,
      MessageForge forge,
      BrokerCore state,
      MessageIntake intake,
      List<SendAnswer> told) {
    String topic = "t" + random.nextInt(TOPICS);
    int queueId = random.nextInt(QUEUES);
    String body = "body-" + random.nextLong();
    EncodedMessages encoded = EncodedMessages.of(message(forge, topic, queueId, body));
    boolean delayed = random.nextInt(4) == 0;
    long due = delayed ? clock.millis() + 1 + random.nextInt(3000) : 0;
    intake.offer(
        topic,
        Topic.of(topic, QUEUES, Topic.READ | Topic.WRITE),
        queueId,
        encoded,
        due,
        once(state, body, encoded),
        new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            assertThat(where.repeated()).isFalse();
            if (!delayed) {
              told.add(new SendAnswer(topic, queueId, where.queueOffset(), body));
            }
          }

          @Override
          public void refused(Refusal why) {
            throw new AssertionError(RefusalPage.words(why));
          }
        });
  }

  /** The answer to a send got lost, maybe in a crash: what was durable is known, and not stored again. */
  private void sendAgain(
      MessageForge forge,
      BrokerCore state,
      MessageIntake intake,
      SendAnswer sentBefore,
      List<SendAnswer> told) {
    int otherQueue = (sentBefore.queueId() + 1) % QUEUES;
    EncodedMessages encoded =
        EncodedMessages.of(message(forge, sentBefore.topic(), otherQueue, sentBefore.body()));
    intake.offer(
        sentBefore.topic(),
        null,
        otherQueue,
        encoded,
        0,
        once(state, sentBefore.body(), encoded),
        new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            if (!where.repeated()) {
              assertThat(isTight()).as("%s may be forgotten", sentBefore).isTrue();
              told.add(new SendAnswer(
                  sentBefore.topic(), otherQueue, where.queueOffset(), sentBefore.body()));
              return;
            }
            if (!isTight()) {
              assertThat(where.queueId()).isEqualTo(sentBefore.queueId());
              assertThat(where.queueOffset()).isEqualTo(sentBefore.offset());
            }
          }

          @Override
          public void refused(Refusal why) {
            throw new AssertionError(RefusalPage.words(why));
          }
        });
  }

  private byte[] message(MessageForge forge, String topic, int queueId, String body) {
    return TestMessages.encode(
        forge,
        topic,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        forge.complete(Properties.appended("", PropertyNames.UNIQUE_KEY, body)));
  }

  private void assertEverythingIsThere(
      long seed, int round, BrokerCore state, List<SendAnswer> durable) {
    try (LogReader reader = state.store.log().newReader()) {
      QueueEntries entries = new QueueEntries(1);
      for (SendAnswer told : durable) {
        ConsumeQueue queue = state.store.queues().find(told.topic(), told.queueId());
        assertThat(queue).as("seed %s round %s: %s", seed, round, told).isNotNull();
        assertThat(queue.read(told.offset(), entries))
            .as("seed %s round %s: %s", seed, round, told)
            .isEqualTo(1);
        LogRecord record = reader.read(entries.position(0));
        MessageView message =
            new MessageView().wrap(record.payload(), record.payload().position());
        ByteBuffer body = message.body();
        assertThat(StandardCharsets.UTF_8.decode(body).toString())
            .as("seed %s round %s: %s", seed, round, told)
            .isEqualTo(told.body());
      }
    }
  }

  // What a state file and the log's tail give must be what the whole log gives.
  private void assertRebuiltEqualsRestored(long seed, int round, SimulatedFileSystem files)
      throws IOException {
    BrokerCore restored = open(files, new StateFiles(files, DIRECTORY.resolve("state")));
    Map<String, byte[]> expected = visible(restored);
    restored.close();
    BrokerCore rebuilt = open(files, new StateFiles(files, DIRECTORY.resolve("no-state-" + round)));
    Map<String, byte[]> actual = visible(rebuilt);
    rebuilt.close();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((what, bytes) -> assertThat(actual.get(what))
        .as("seed %s round %s: %s", seed, round, what)
        .isEqualTo(bytes));
  }

  private static Map<String, byte[]> visible(BrokerCore state) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (View view : List.of(
        state.topics.catalog(),
        state.groups.catalog(),
        state.offsets.offsets(),
        state.transactions.transactions(),
        state.sends.recent())) {
      all.put(view.name(), bytes(view.image()));
    }
    QueueEntries entries = new QueueEntries(64);
    for (int t = 0; t < TOPICS; t++) {
      for (int q = 0; q < QUEUES; q++) {
        ConsumeQueue queue = state.store.queues().find("t" + t, q);
        StringBuilder text = new StringBuilder();
        if (queue != null) {
          text.append(queue.minOffset()).append("..").append(queue.maxOffset());
          for (long at = queue.minOffset(); at < queue.maxOffset(); at += entries.count()) {
            queue.read(at, entries);
            for (int i = 0; i < entries.count(); i++) {
              text.append(' ').append(entries.position(i));
            }
          }
        }
        all.put("t" + t + "/" + q, text.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    all.put("delayed", sortedRows(bytes(state.delays.delayed().image())));
    return all;
  }

  /** What waits, in an order that does not depend on what came and went before. */
  static byte[] sortedRows(byte[] image) {
    ByteBuffer in = ByteBuffer.wrap(image);
    List<String> rows = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      rows.add(in.getLong() + " " + in.getLong() + " " + in.getLong());
    }
    return rows.stream().sorted().toList().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Image image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private LogLoop loop(BrokerCore state) {
    LogLoop loop = state.store.loop();
    loop.add(state.delays.delayed());
    loop.add(state.offsets.offsets());
    return loop;
  }

  private static void turn(LogLoop loop) {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }

  private BrokerCore open(SimulatedFileSystem files, StateFiles states) {
    return TestCores.open(settings(deduplication), files, states, clock.surroundings(), 64 << 20);
  }

  static BrokerSettings settings() {
    return settings(Deduplication.DEFAULT);
  }

  private static BrokerSettings settings(Deduplication deduplication) {
    return new TestSettings()
        .segments(1 << 20, 4096)
        .deduplication(deduplication)
        .build();
  }

  private static Once once(BrokerCore state, String key, EncodedMessages encoded) {
    return Once.of(
        state.sends.recent(),
        Deduplication.Of.ALL,
        false,
        Properties.appended("", PropertyNames.UNIQUE_KEY, key),
        encoded.bodyCrc(0));
  }
}
