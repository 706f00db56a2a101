package io.escrowmq.broker;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.TurnedEngine;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.PropertyNames;
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
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long the log's turns are while a large state comes to be, while images for state files are taken of it,
 * while producers are asked about all that is open, and while all in escrow is recorded again. Not a test: prints
 * what it measures. {@code bench/broker-main.sh} runs it.
 */
final class LongestTurn implements AutoCloseable {

  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final int GROUPS = 10_000;
  private static final String ONCE = "ESCROW_ONCE\u0001true\u0002UNIQ_KEY\u0001";
  private static final String HALF = "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP;
  private static final int A_TURN = 50; // requests: what is beyond them is seen
  private static final int IMAGES = 3;
  private static final PrintStream OUT = System.out;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ManualClock clock = new ManualClock(System.currentTimeMillis());
  private final Path directory;
  private final Queue<Runnable> background = new ConcurrentLinkedQueue<>(); // done between turns
  private final BrokerCore core;
  private final RequestTable requests;
  private final LogLoop loop;
  private final int keys;
  private FakeConnection connection = new FakeConnection(1);
  private Longest turns = new Longest();

  private LongestTurn(int keys) throws IOException {
    this.keys = keys;
    directory = Files.createTempDirectory("longest-turn");
    RealFileSystem files = new RealFileSystem();
    BrokerSettings settings = new TestSettings()
        .directory(directory)
        .segments(256 << 20, 1 << 20)
        .deduplication(new Deduplication(Deduplication.Of.MARKED, keys, (32 << 20) + 104L * keys))
        .transactions(new TransactionSettings(
            TransactionSettings.DEFAULT.schedule(),
            new Bounds(4_000_000, 8L << 30, 4_000_000, 8L << 30),
            ExhaustionPolicy.SUSPEND))
        .build();
    HeapBudget heap = HeapBudget.of(Runtime.getRuntime().maxMemory());
    core = new CoreRecovery(new CorePlan(
            settings,
            TestCores.host(settings, TopicRoutes.NONE, clock.surroundings(), heap),
            files,
            new StateFiles(files, directory.resolve("state")),
            background::add,
            clock.surroundings(),
            heap,
            new TurnedEngine(FlushMode.ASYNC, clock.surroundings()).maker()))
        .open(newest -> {});
    requests = core.requests();
    loop = core.store.loop();
    core.duties().forEach(loop::add);
  }

  /**
   * Measures and prints.
   *
   * @param args half-messages and delayed messages; topics; keys of one topic that are remembered.
   *     1,000,000, 100,000 and 1,000,000 when there are none
   */
  public static void main(String[] args) throws IOException {
    int halves = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int topics = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int keys = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
    try (LongestTurn bench = new LongestTurn(keys)) {
      bench.fill(halves, topics);
      for (int i = 1; i <= IMAGES; i++) {
        bench.takeImage(i);
      }
      bench.compareViews();
      bench.checkAll(halves);
      bench.age();
    }
  }

  private void fill(int halves, int topics) {
    for (int i = 0; i < topics; i += A_TURN) {
      int from = i;
      loop.offer(new InnerProposal(
          recorder -> {
            for (int t = from; t < Math.min(from + A_TURN, topics); t++) {
              createTopic(recorder, Topic.of("topic-" + t, 1, Topic.READ | Topic.WRITE));
            }
          },
          () -> {}));
      settle();
    }
    TestLog.rule(
        loop, recorder -> createTopic(recorder, Topic.of(TOPIC, 4, Topic.READ | Topic.WRITE)));
    tell("topics are created");
    for (int i = 0; i < topics; i++) {
      send("topic-" + i, ONCE + key(i), 0, i);
    }
    tell("each gets a message with a key");
    for (int i = 0; i < GROUPS; i++) {
      ask(
          RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
          Map.of(),
          "{\"groupName\":\"group-" + i + "\"}",
          i);
    }
    tell("groups are created");
    for (int i = 0; i < topics; i++) {
      Map<String, String> offset = Map.of(
          "topic", "topic-" + i, "consumerGroup", "group-" + i % GROUPS, "commitOffset", "1");
      ask(RequestCode.UPDATE_CONSUMER_OFFSET, offset, "", i);
    }
    for (int i = 0; i < 60; i++) {
      clock.advance(1000);
      settle();
    }
    tell("offsets are recorded");
    for (int i = 0; i < keys; i++) {
      send(TOPIC, ONCE + key(topics + i), 0, i);
    }
    tell("one topic gets messages with keys");
    long due = clock.millis() + Duration.ofDays(2).toMillis();
    for (int i = 0; i < halves; i++) {
      send(TOPIC, PropertyNames.TIMER_DELIVER_MILLIS + "\u0001" + (due + i), 0, i);
    }
    tell("delayed messages come");
    for (int i = 0; i < halves; i++) {
      send(TOPIC, HALF, SysFlags.TRANSACTION_PREPARED, i);
    }
    tell("half-messages come");
    OUT.printf(
        Locale.ROOT,
        "%,d topics with a queue and an offset each, %,d groups, %,d delayed messages, %,d half-messages, log"
            + " %,d bytes%n",
        core.topics.catalog().size(),
        GROUPS,
        core.delays.delayed().waiting(),
        core.transactions.transactions().figures().halves(),
        core.store.log().end());
  }

  private static void createTopic(Recorder recorder, Topic topic) {
    recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), topic));
  }

  // Nobody can be asked about them when they are due; then somebody comes.
  private void checkAll(long halves) {
    connection.close();
    clock.advance(Duration.ofMinutes(1).toMillis());
    for (long i = 0; i < halves; i += 200) {
      clock.advance(100);
      settle();
    }
    tell("nobody can be asked");
    connection = new FakeConnection(2);
    send(TOPIC, HALF, SysFlags.TRANSACTION_PREPARED, 0);
    for (long i = 0; i < halves / 10; i += 200) {
      clock.advance(100);
      settle();
    }
    tell("a producer comes back, and is asked about a tenth");
  }

  // All that is in escrow is recorded again.
  private void age() {
    clock.advance(Duration.ofHours(37).toMillis());
    long before;
    do {
      before = core.store.log().end();
      for (int i = 0; i < 200; i++) {
        clock.advance(100);
        settle();
      }
    } while (core.store.log().end() > before + (1 << 20));
    tell("all in escrow is recorded again");
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
      settle();
    }
  }

  private void settle() {
    boolean[] moved = new boolean[1];
    do {
      turns.measure(() -> moved[0] = loop.turn() > 0);
      for (Runnable task = background.poll(); task != null; task = background.poll()) {
        task.run();
      }
    } while (moved[0]);
  }

  private void tell(String what) {
    settle();
    OUT.printf("%s: %s%n", what, turns);
    turns = new Longest();
  }

  private void takeImage(int number) {
    core.store.log().sync();
    StateKeeper keeper = core.upkeep().states();
    keeper.writer().turn(); // what was taken before
    long before = keeper.lastPosition();
    keeper.ask();
    Longest ofImage = new Longest();
    while (keeper.lastPosition() == before) {
      clock.advance(5);
      ofImage.measure(() -> loop.turn());
    }
    OUT.printf("image %d: %s%n", number, ofImage);
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

    private static final int SHOWN = 4;

    private record Turn(long number, double processorMillis) {}

    private long count;
    private long wall;
    private final PriorityQueue<Turn> longest =
        new PriorityQueue<>(Comparator.comparingDouble(Turn::processorMillis));

    void measure(Runnable work) {
      long cpu = threads.getCurrentThreadCpuTime();
      long begun = System.nanoTime();
      work.run();
      wall = Math.max(wall, System.nanoTime() - begun);
      longest.add(new Turn(count++, (threads.getCurrentThreadCpuTime() - cpu) / 1e6));
      if (longest.size() > SHOWN) {
        longest.remove();
      }
    }

    @Override
    public String toString() {
      String processor = longest.stream()
          .sorted(Comparator.comparingDouble(Turn::processorMillis).reversed())
          .map(turn ->
              String.format(Locale.ROOT, "%.2f (turn %d)", turn.processorMillis(), turn.number()))
          .collect(Collectors.joining(", "));
      return String.format(
          Locale.ROOT,
          "%d turns, longest %.2f ms; processor time ms %s",
          count,
          wall / 1e6,
          processor);
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
