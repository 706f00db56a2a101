package io.escrowmq.broker;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.TurnedEngine;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.Image;
import io.escrowmq.store.RealFileSystem;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import io.escrowmq.store.state.StateFiles;
import io.escrowmq.tx.Bounds;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long the log's turns are while images for state files are taken of a large state. Not a test: prints
 * what it measures. {@code bench/broker-main.sh} runs it.
 */
final class LongestTurn implements AutoCloseable {

  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final int GROUPS = 10_000;
  private static final int A_TURN = 500;
  private static final int IMAGES = 3;
  private static final PrintStream OUT = System.out;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ManualClock clock = new ManualClock(System.currentTimeMillis());
  private final Path directory;
  private final BrokerCore core;
  private final RequestTable requests;
  private final LogLoop loop;
  private final FakeConnection connection = new FakeConnection(1);

  private LongestTurn() throws IOException {
    directory = Files.createTempDirectory("longest-turn");
    RealFileSystem files = new RealFileSystem();
    core = TestCores.open(
        new TestSettings()
            .directory(directory)
            .segments(256 << 20, 1 << 20)
            .transactions(new TransactionSettings(
                TransactionSettings.DEFAULT.schedule(),
                new Bounds(4_000_000, 8L << 30, 4_000_000, 8L << 30),
                ExhaustionPolicy.SUSPEND))
            .build(),
        files,
        new StateFiles(files, directory.resolve("state")),
        clock.surroundings(),
        newest -> {},
        Runtime.getRuntime().maxMemory(),
        new TurnedEngine(FlushMode.ASYNC, clock.surroundings()).maker());
    requests = core.requests();
    loop = core.store.loop();
    loop.add(core.offsets.offsets());
    loop.add(core.upkeep().states());
  }

  /**
   * Measures and prints.
   *
   * @param args half-messages and topics; 1,000,000 and 100,000 when there are none
   */
  public static void main(String[] args) throws IOException {
    int halves = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int topics = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    try (LongestTurn bench = new LongestTurn()) {
      bench.fill(halves, topics);
      for (int i = 1; i <= IMAGES; i++) {
        bench.takeImage(i);
      }
      bench.compareViews();
    }
  }

  private void fill(int halves, int topics) {
    for (int i = 0; i < topics; i += A_TURN) {
      int from = i;
      TestLog.rule(loop, recorder -> {
        for (int t = from; t < Math.min(from + A_TURN, topics); t++) {
          Topic topic = Topic.of("topic-" + t, 1, Topic.READ | Topic.WRITE);
          recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), topic));
        }
      });
    }
    TestLog.rule(
        loop,
        recorder -> recorder.record(
            RecordKind.TOPIC,
            0,
            TopicRecords.changed(
                recorder.nowMillis(), Topic.of(TOPIC, 4, Topic.READ | Topic.WRITE))));
    for (int i = 0; i < topics; i++) {
      send("topic-" + i, "UNIQ_KEY\u0001" + key(i) + "\u0002ESCROW_ONCE\u0001true", 0, i);
    }
    for (int i = 0; i < GROUPS; i++) {
      ask(
          RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
          Map.of(),
          "{\"groupName\":\"group-" + i + "\"}",
          i);
    }
    TestLog.settle(loop);
    for (int i = 0; i < topics; i++) {
      Map<String, String> offset = Map.of(
          "topic", "topic-" + i, "consumerGroup", "group-" + i % GROUPS, "commitOffset", "1");
      ask(RequestCode.UPDATE_CONSUMER_OFFSET, offset, "", i);
    }
    for (int i = 0; i < 60; i++) {
      clock.advance(1000);
      TestLog.rule(loop, recorder -> {});
    }
    for (int i = 0; i < 500_000; i++) {
      send(TOPIC, "UNIQ_KEY\u0001" + key(topics + i) + "\u0002ESCROW_ONCE\u0001true", 0, i);
    }
    for (int i = 0; i < halves; i++) {
      send(TOPIC, "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP, SysFlags.TRANSACTION_PREPARED, i);
    }
    TestLog.settle(loop);
    OUT.printf(
        Locale.ROOT,
        "%,d topics with a queue and an offset each, %,d groups, %,d half-messages in escrow, log %,d bytes%n",
        core.topics.catalog().size(),
        GROUPS,
        core.transactions.transactions().figures().halves(),
        core.store.log().end());
  }

  private static String key(int number) {
    return String.format(Locale.ROOT, "7F0000010000000000000000%08X", number);
  }

  private void send(String topic, String properties, int flags, int number) {
    ask(
        RequestCode.SEND_MESSAGE,
        Map.of("topic", topic, "properties", properties, "sysFlag", Integer.toString(flags)),
        "body",
        number);
  }

  private void ask(RequestCode code, Map<String, String> fields, String body, int number) {
    FakeCall call = new FakeCall(code, connection)
        .withBody(body)
        .with("producerGroup", GROUP)
        .with("defaultTopic", "TBW102")
        .with("defaultTopicQueueNums", 4)
        .with("queueId", 0)
        .with("bornTimestamp", 0)
        .with("flag", 0);
    fields.forEach(call::with);
    requests.dispatch(call);
    if (number % A_TURN == 0) {
      TestLog.settle(loop);
    }
  }

  private void takeImage(int number) {
    core.store.log().sync();
    StateKeeper keeper = core.upkeep().states();
    long before = keeper.lastPosition();
    keeper.ask();
    Longest turns = new Longest();
    while (keeper.lastPosition() == before) {
      clock.advance(5);
      turns.measure(() -> loop.turn());
    }
    OUT.printf("image %d: %s%n", number, turns);
    core.store.log().sync();
    long begun = System.nanoTime();
    keeper.writer().turn();
    OUT.printf(
        Locale.ROOT, "  written in %d ms, elsewhere%n", (System.nanoTime() - begun) / 1_000_000);
  }

  private void compareViews() {
    for (View view : core.upkeep().stored()) {
      Longest begin = new Longest();
      Longest parts = new Longest();
      for (int i = 0; i < IMAGES; i++) {
        Image[] image = new Image[1];
        begin.measure(() -> image[0] = view.beginImage());
        boolean[] isWhole = new boolean[1];
        while (!isWhole[0]) {
          parts.measure(() -> isWhole[0] = image[0].take());
        }
      }
      OUT.printf("%-18s begun: %s | taken: %s%n", view.name(), begin, parts);
    }
  }

  /** What took longest, by the clock and by the thread's own time. */
  private final class Longest {

    private long count;
    private long wall;
    private long processor;

    void measure(Runnable work) {
      long cpu = threads.getCurrentThreadCpuTime();
      long begun = System.nanoTime();
      work.run();
      wall = Math.max(wall, System.nanoTime() - begun);
      processor = Math.max(processor, threads.getCurrentThreadCpuTime() - cpu);
      count++;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d, longest %.2f ms (processor %.2f ms)",
          count,
          wall / 1e6,
          processor / 1e6);
    }
  }

  @Override
  public void close() throws IOException {
    core.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
