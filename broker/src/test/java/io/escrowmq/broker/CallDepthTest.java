package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.store.SimulatedFileSystem;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many calls of ours lie on one another where a message enters the log, and where it leaves for a
 * consumer: a reader follows no more of them at once. The calls are counted where the code that ships asks
 * a simulated disk or network for something, in a whole broker.
 */
class CallDepthTest {

  private static final int MOST_CALLS = 16;
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int MESSAGES = 3; // of a batch
  private static final int BODY_BYTES = 100_000;
  private static final int MOST_ENTRIES = 256; // of a queue, in memory
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String TOPIC = "orders";
  private static final String HALF_PROPERTIES =
      Properties.with(Properties.with("", "TRAN_MSG", "true"), "PGROUP", "senders");

  private final Simulator world = new Simulator(1);
  private final SimulatedNetwork network = new SimulatedNetwork(world);
  private final SimulatedMachine here = world.machine("broker");
  private final SimulatedMachine there = world.machine("client");
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final Broker broker = new Broker(
      new TestSettings().queues(1).segments(SEGMENT_BYTES, SEGMENT_BYTES / 3).build(),
      new Machine<>(files, network.of(here), here.surroundings()));
  private final RemotingClient client =
      network.of(there).client(RequestTable.of(), RemotingSettings.forClient());

  @BeforeEach
  void start() {
    broker.start();
  }

  @AfterEach
  void shouldHaveFailedNowhere() {
    client.close();
    broker.close();
    assertThat(world.failures()).isEmpty();
  }

  @Test
  void shouldAppendAMessageWithFewCallsOnOneAnother() {
    // when
    List<String> deepest = callsThatAppend(0, "");

    // then
    assertThat(deepest).contains("MessageAppend.rule").hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  @Test
  void shouldAppendAHalfMessageWithFewCallsOnOneAnother() {
    // when
    List<String> deepest = callsThatAppend(SysFlags.TRANSACTION_PREPARED, HALF_PROPERTIES);

    // then
    assertThat(deepest).contains("HalfRecording.record").hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  @Test
  void shouldSealEntriesOfAQueueWithFewCallsOnOneAnother() {
    // given
    List<String> deepest = new ArrayList<>();
    files.fault((operation, file) -> {
      keepIfDeeper(deepest, callsDownTo("BlockFile", "open"));
      keepIfDeeper(deepest, callsDownTo("BlockFile", "append"));
    });

    // when
    send(batch(MOST_ENTRIES, 1, ""), 0);

    // then
    files.fault((operation, file) -> {});
    assertThat(deepest).contains("ConsumeQueue.seal").hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  /** Also below what the other tests look at, and whatever is asked of the disk: a segment begins, say. */
  @Test
  void shouldReachTheDiskWithFewCallsOnOneAnother() {
    // given
    send(0, "");
    List<String> deepest = new ArrayList<>();
    files.fault((operation, file) -> keepIfDeeper(deepest, calls()));

    // when
    for (int sent = 1; sent < 12; sent++) {
      CompletableFuture<Answer> pulled = pull((long) sent * MESSAGES, PullFlags.SUSPEND);
      world.run(Duration.ofSeconds(1));
      send(0, "");
      assertThat(answer(pulled).isOk()).isTrue();
    }
    send(batch(MOST_ENTRIES, 1, ""), 0);
    for (int sent = 0; sent < 6; sent++) {
      send(SysFlags.TRANSACTION_PREPARED, HALF_PROPERTIES);
    }
    files.fault((operation, file) -> {});

    // then
    assertThat(deepest).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  @Test
  void shouldAnswerASenderWithFewCallsOnOneAnother() {
    // given
    List<String> deepest = callsThatWrite("Answer.stored");

    // when
    send(0, "");

    // then
    assertThat(deepest).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  @Test
  void shouldWriteAPulledMessageWithFewCallsOnOneAnother() {
    // given
    send(0, "");
    List<String> deepest = callsThatWrite("Answer.ended");

    // when
    Answer pulled = answer(pull(0, 0));

    // then
    assertThat(pulled.isOk()).isTrue();
    assertThat(deepest).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  @Test
  void shouldWriteAMessageThatWasWaitedForWithFewCallsOnOneAnother() {
    // given
    send(0, "");
    CompletableFuture<Answer> pulled = pull(MESSAGES, PullFlags.SUSPEND);
    world.run(Duration.ofSeconds(1));
    List<String> deepest = callsThatWrite("Answer.ended");

    // when
    send(0, "");

    // then
    assertThat(answer(pulled).isOk()).isTrue();
    assertThat(deepest).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_CALLS);
  }

  // A batch that goes on in a new segment of the log, and has what is in the old one written on its
  // way.
  private List<String> callsThatAppend(int sysFlag, String properties) {
    List<String> deepest = new ArrayList<>();
    files.fault((operation, file) -> keepIfDeeper(deepest, callsDownTo("Tail", "append")));
    for (int sent = 0; deepest.isEmpty() && sent < 10; sent++) {
      send(sysFlag, properties);
    }
    files.fault((operation, file) -> {});
    return deepest;
  }

  // Filled when a frame is written, by way of this call.
  private List<String> callsThatWrite(String by) {
    List<String> deepest = new ArrayList<>();
    network.beforeBuffers(() -> {
      List<String> calls = callsDownTo("FrameBatch", "append");
      if (calls.contains(by)) {
        keepIfDeeper(deepest, calls);
      }
    });
    return deepest;
  }

  private static void keepIfDeeper(List<String> deepest, List<String> calls) {
    if (calls.size() > deepest.size()) {
      deepest.clear();
      deepest.addAll(calls);
    }
  }

  /** The calls of what ships, the outermost first, down to this one; none when it is not among them. */
  private static List<String> callsDownTo(String type, String method) {
    List<StackFrame> frames =
        StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).walk(all -> all.toList());
    List<String> calls = new ArrayList<>();
    for (StackFrame frame : frames) {
      Class<?> in = frame.getDeclaringClass();
      if (in.getSimpleName().equals(type) && frame.getMethodName().equals(method)) {
        calls.clear(); // what lies below is not counted
      }
      if (ships(in)) {
        calls.add(0, in.getSimpleName() + "." + frame.getMethodName());
      }
    }
    boolean isThere = !calls.isEmpty() && calls.get(calls.size() - 1).equals(type + "." + method);
    return isThere ? calls : List.of();
  }

  /** All calls of what ships, the outermost first. */
  private static List<String> calls() {
    List<String> calls = new ArrayList<>();
    StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
      if (ships(frame.getDeclaringClass())) {
        calls.add(0, frame.getDeclaringClass().getSimpleName() + "." + frame.getMethodName());
      }
    });
    return calls;
  }

  private static boolean ships(Class<?> type) {
    if (!type.getName().startsWith("io.escrowmq.")) {
      return false;
    }
    String place = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return !place.endsWith("test-classes/") && !place.endsWith("-tests.jar");
  }

  private void send(int sysFlag, String properties) {
    send(batch(MESSAGES, BODY_BYTES, properties), sysFlag);
  }

  private void send(byte[] batch, int sysFlag) {
    WireHeader header = new SendMessageHeader(
        "senders", TOPIC, "TBW102", 1, 0, sysFlag, 1, 0, "", 0, false, -1, true);
    Answer sent = answer(call(new Request(RequestCode.SEND_BATCH_MESSAGE, header, Body.of(batch))));
    assertThat(sent.isOk()).as("%s", sent.remark()).isTrue();
  }

  private static byte[] batch(int messages, int bodyBytes, String properties) {
    byte[] names = properties.getBytes(UTF_8);
    int size = 22 + bodyBytes + names.length;
    ByteBuffer batch = ByteBuffer.allocate(messages * size);
    for (int i = 0; i < messages; i++) {
      batch.putInt(size).putInt(0).putInt(0).putInt(0).putInt(bodyBytes);
      batch.position(batch.position() + bodyBytes);
      batch.putShort((short) names.length).put(names);
    }
    return batch.array();
  }

  private CompletableFuture<Answer> pull(long offset, int flags) {
    PullMessageHeader header = new PullMessageHeader(
        "readers",
        TOPIC,
        0,
        offset,
        32,
        PullFlags.SUBSCRIPTION | flags,
        0,
        PATIENCE.toMillis(),
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    return call(Request.of(RequestCode.PULL_MESSAGE, header));
  }

  private CompletableFuture<Answer> call(Request request) {
    return client
        .call("127.0.0.1:" + broker.address().getPort(), request, PATIENCE)
        .toCompletableFuture();
  }

  private Answer answer(CompletableFuture<Answer> expected) {
    for (int steps = 0; !expected.isDone(); steps++) {
      assertThat(steps).as("in bounded time").isLessThan(100_000);
      world.step();
    }
    return expected.join();
  }
}
