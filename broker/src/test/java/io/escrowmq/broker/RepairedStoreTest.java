package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.LogRepair;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What consumers of a broker get whose store was repaired: all that is left, and nothing stops them. */
class RepairedStoreTest {

  private static final long SMALL_HEAP = 1 << 20; // small chunks
  private static final int QUEUES = 2;

  /** A message that was sent. */
  private record SentMessage(int queueId, long offset, long position, long millis, String body) {}

  @AutoClose
  private final BrokerCalls calls = new BrokerCalls();

  @Test
  void shouldDeliverAllOthersWhenOneMessageOfALogFromItsBeginningIsLost() {
    // given: one bit of one message, and no state file
    TestStore store = new TestStore(1);
    store.createTopic("orders", QUEUES);
    List<SentMessage> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sent.add(send(store, i % QUEUES, "m" + i));
    }
    crash(store);
    flip(store, sent.remove(10).position() + 60);

    // when
    repair(store);

    // then
    assertDelivered(store, sent, "one bit");
  }

  @Test
  void shouldDeliverInOrderToEachGroupWhateverWasLost() {
    for (int seed = 0; seed < 25; seed++) {
      // given: messages, state files or none, chunks of queues
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      store.createTopic("orders", QUEUES);
      List<SentMessage> sent = new ArrayList<>();
      int states = random.nextInt(3);
      for (int i = 0, count = 50 + random.nextInt(900); i < count; i++) {
        sent.add(send(store, random.nextInt(QUEUES), "m" + i + "-".repeat(random.nextInt(100))));
        if (states > 0 && random.nextInt(count) < 2) {
          store.writeState();
          states--;
        }
      }
      crash(store);

      // when: some records are lost, neighbours among them; chunks are damaged, too
      TreeSet<Integer> lost = new TreeSet<>();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        int first = random.nextInt(sent.size());
        int last = Math.min(sent.size(), first + 1 + random.nextInt(random.nextInt(1, 6)));
        for (int index = first; index < last; index++) {
          if (lost.add(index)) {
            flip(store, sent.get(index).position() + 40 + random.nextInt(20));
          }
        }
      }
      Path queues = TestStore.DIRECTORY.resolve("queues");
      for (String name : store.files.list(queues)) {
        if (random.nextBoolean()) {
          store.files.flipBit(queues.resolve(name), random.nextInt(4096), 1);
        }
      }
      lost.descendingSet().forEach(index -> sent.remove((int) index));
      if (random.nextBoolean()) {
        repairOnlyTheLog(store);
      }
      repair(store);

      // then
      String name = "seed " + seed + ", lost " + lost;
      assertFoundByTime(store, sent, name);
      assertDelivered(store, sent, name);
    }
  }

  private static SentMessage send(TestStore store, int queueId, String body) {
    long offset = store.state.store.queueViews().tail("orders", queueId);
    long position = store.send("orders", queueId, body);
    return new SentMessage(queueId, offset, position, store.clock.millis(), body);
  }

  // A mark says what was durable: none of it is taken for torn.
  private static void crash(TestStore store) {
    store.sync();
    store.state.store.log().mark();
    store.state.store.log().write();
    store.kill();
  }

  private static void flip(TestStore store, long position) {
    long start = position / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES;
    store.files.flipBit(
        TestStore.DIRECTORY.resolve("log").resolve("%020d.log".formatted(start)),
        position - start,
        1);
  }

  // As a repair does that is killed in the middle.
  private static void repairOnlyTheLog(TestStore store) {
    StateFiles states = new StateFiles(store.files, TestStore.DIRECTORY.resolve("state"));
    StateFile newest = states.newest();
    if (newest != null) {
      newest.close();
    }
    LogRepair.repair(
        store.files,
        TestStore.DIRECTORY.resolve("log"),
        TestStore.SEGMENT_BYTES,
        states.positions(),
        store.clock.millis(),
        TestStore.DIRECTORY.resolve("damaged-before"));
  }

  private static void repair(TestStore store) {
    StoreRepair repair =
        new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());
    repair.repair();
    assertThat(repair.check()).isEmpty();
  }

  // Each message is found by its time, as the first that is left from there on.
  private static void assertFoundByTime(TestStore store, List<SentMessage> sent, String name) {
    store.start();
    for (SentMessage message : sent) {
      ConsumeQueue queue = store.state.store.queues().find("orders", message.queueId());
      long from = queue.offsetAtOrAfter(message.millis());
      assertThat(from).as("%s: %s", name, message).isLessThanOrEqualTo(message.offset());
      QueueEntries entries = new QueueEntries(1);
      for (long offset = from; offset < message.offset(); offset++) {
        assertThat(queue.read(offset, entries)).isEqualTo(1);
        assertThat(entries.hasMessage(0) && entries.storeTimeMillis(0) < message.millis())
            .as("%s: %s is found at %d", name, message, offset)
            .isFalse();
      }
    }
    store.state.close();
  }

  private void assertDelivered(TestStore store, List<SentMessage> sent, String name) {
    try (Broker broker = new Broker(
        TestStore.settings(), new Machine<>(store.files, TestNetwork.REAL, TestMachine.REAL))) {
      broker.start();
      for (String group : List.of("readers", "writers")) {
        for (int queueId = 0; queueId < QUEUES; queueId++) {
          int id = queueId;
          assertThat(read(broker, group, id))
              .as("%s: queue %d", name, id)
              .isEqualTo(sent.stream()
                  .filter(message -> message.queueId() == id)
                  .map(SentMessage::body)
                  .toList());
        }
      }
    }
  }

  /** All that a consumer gets that begins at 0 and goes where it is led. */
  private List<String> read(Broker broker, String group, int queueId) {
    List<String> bodies = new ArrayList<>();
    long offset = 0;
    while (true) {
      Answer answer = calls.pull(broker, group, queueId, offset);
      ResponseCode code = ResponseCode.of(answer.code());
      if (code == ResponseCode.PULL_NOT_FOUND) {
        return bodies;
      }
      assertThat(code)
          .as("at offset %d: %s", offset, answer.remark())
          .isIn(
              ResponseCode.SUCCESS,
              ResponseCode.PULL_RETRY_IMMEDIATELY,
              ResponseCode.PULL_OFFSET_MOVED);
      if (code == ResponseCode.SUCCESS) {
        addBodies(answer, bodies);
      }
      long next = Long.parseLong(answer.fields().requiredText("nextBeginOffset"));
      assertThat(next).as(answer.remark()).isGreaterThan(offset);
      offset = next;
    }
  }

  private static void addBodies(Answer pulled, List<String> bodies) {
    ByteBuffer rest = ByteBuffer.wrap(pulled.body());
    while (rest.hasRemaining()) {
      int size = rest.getInt(rest.position());
      MessageView message = MessageView.of(rest.slice(rest.position(), size));
      bodies.add(UTF_8.decode(message.body()).toString());
      rest.position(rest.position() + size);
    }
  }
}
