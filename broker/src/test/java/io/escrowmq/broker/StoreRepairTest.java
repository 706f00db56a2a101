package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Stores that are damaged in every way: the broker starts with what is left, or says how it will. */
class StoreRepairTest {

  private static final Path LOG = TestStore.DIRECTORY.resolve("log");
  private static final Pattern ADVICE =
      Pattern.compile("run: escrowmq store repair --set store\\.dir=(\\S+)");
  private static final int QUEUES = 2;

  /** A message that was acknowledged: where its record lies, and where in its queue it is. */
  private record Sent(String topic, int queueId, long offset, String body, long from, long to) {}

  private final List<Sent> sent = new ArrayList<>();
  private int refused;

  @Test
  void shouldStartWithEverythingOutsideTheDamageOrGiveAdviceThatWorks() {
    for (int seed = 0; seed < 150; seed++) {
      sent.clear();
      play(seed);
    }
    assertThat(refused).as("some damage is refused").isGreaterThan(10);
  }

  private void play(int seed) {
    // given: a store with history, stopped in order or not
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    TestStore store = new TestStore(seed);
    history(store, random);
    long logStart = store.state.log.start();
    if (random.nextBoolean()) {
      store.stop();
    } else {
      store.sync();
      store.kill();
    }

    // when: any one file is harmed
    List<long[]> lost = new ArrayList<>();
    String name = "seed " + seed + ": " + damage(store, random, lost);
    startAsAdvised(name, store);

    // then
    for (Sent message : sent) {
      boolean isLost = message.from < logStart
          || lost.stream().anyMatch(range -> message.from < range[1] && message.to > range[0]);
      if (!isLost) {
        assertThat(read(store, message.topic, message.queueId))
            .as("%s: %s", name, message)
            .containsEntry(message.offset, message.body);
      }
    }
    reads.clear();
    for (String topic : List.of("orders", "payments")) {
      long offset = store.state.queueViews.tail(topic, 0);
      store.send(topic, 0, "after");
      store.sync();
      assertThat(store.readWhatIsWhole(topic, 0)).as(name).containsEntry(offset, "after");
    }
    store.stop();
    store.start(); // and it stays so
    store.state.close();
  }

  private void startAsAdvised(String name, TestStore store) {
    reads.clear();
    try {
      store.start();
      new QueueRebuild(store.state.log, store.state.queues)
          .rebuild(store.state.queues.findDamaged());
    } catch (StorageException e) {
      refused++;
      Matcher advice = ADVICE.matcher(String.valueOf(e.getMessage()));
      assertThat(advice.find()).as("%s: %s", name, e.getMessage()).isTrue();
      assertThat(Path.of(advice.group(1))).isEqualTo(TestStore.DIRECTORY);
      try {
        assertThat(repair(store).check()).as(name + " " + e.getMessage()).isNotEmpty();
        assertThat(repair(store).repair()).as(name).isNotEmpty();
        store.start();
      } catch (RuntimeException stillBroken) {
        throw new AssertionError(name + ": " + e.getMessage(), stillBroken);
      }
    }
  }

  private static StoreRepair repair(TestStore store) {
    return new StoreRepair(TestStore.settings(), store.files, store.clock);
  }

  private final Map<String, Map<Long, String>> reads = new HashMap<>();

  private Map<Long, String> read(TestStore store, String topic, int queueId) {
    return reads.computeIfAbsent(topic + queueId, key -> store.readWhatIsWhole(topic, queueId));
  }

  private void history(TestStore store, Random random) {
    store.createTopic("orders", QUEUES);
    store.createTopic("payments", QUEUES);
    int steps = 300 + random.nextInt(900);
    for (int i = 0; i < steps; i++) {
      String topic = random.nextBoolean() ? "orders" : "payments";
      int queueId = random.nextInt(QUEUES);
      long offset = store.state.queueViews.tail(topic, queueId);
      String body = "b" + i + "-".repeat(random.nextInt(400));
      long from = store.send(topic, queueId, body);
      sent.add(new Sent(topic, queueId, offset, body, from, store.state.log.end()));
      int dice = random.nextInt(150);
      if (dice == 0) {
        store.writeState();
      } else if (dice == 1 && store.states.oldestPosition() > 0) {
        store.retain(random.nextLong(store.states.oldestPosition())
            / TestStore.SEGMENT_BYTES
            * TestStore.SEGMENT_BYTES);
      } else if (dice < 10) {
        store.sync();
      }
    }
  }

  /** Harms one file of any kind; notes which positions of the log are gone with it. */
  private static String damage(TestStore store, Random random, List<long[]> lost) {
    String kind = List.of("log", "log", "log", "state", "queues", "keys").get(random.nextInt(6));
    Path directory = TestStore.DIRECTORY.resolve(kind);
    List<String> names = store.files.list(directory);
    if (names.isEmpty()) {
      return "nothing of " + kind;
    }
    String name = names.get(random.nextInt(names.size()));
    Path file = directory.resolve(name);
    long start =
        kind.equals("log") && name.endsWith(".log") ? Long.parseLong(name.substring(0, 20)) : -1;
    int size = (int) size(store.files, file);
    if (size == 0) {
      return "nothing of " + file;
    }
    int at = random.nextInt(size);
    long to = size;
    String how;
    switch (random.nextInt(5)) {
      case 0 -> {
        store.files.flipBit(file, at, random.nextInt(8));
        how = "bit at " + at;
        to = at + 1L;
      }
      case 1 -> {
        truncate(store.files, file, at);
        how = "cut at " + at;
      }
      case 2 -> {
        to = Math.min(size, at + 4096L);
        write(store.files, file, at, new byte[(int) to - at]);
        how = "zeros from " + at;
      }
      case 3 -> {
        at = 0;
        store.files.delete(file);
        how = "deleted";
      }
      default -> {
        at = 0;
        to = 0;
        write(store.files, directory.resolve("notes.txt"), 0, new byte[10]);
        how = "a foreign file beside";
      }
    }
    if (start >= 0) {
      lost.add(new long[] {start + at, start + (to == size ? TestStore.SEGMENT_BYTES : to)});
    }
    return file + " " + how;
  }

  @Test
  void shouldStartFromTheLogAloneWhenNoStateFileIsLeft() {
    // given: retention has taken the beginning, with the topics in it
    TestStore store = new TestStore(1);
    store.createTopic("orders", 3);
    store.fillSegment("orders", 2);
    store.writeState();
    store.fillSegment("orders", 2);
    store.writeState();
    store.retain(TestStore.SEGMENT_BYTES);
    Map<Long, String> before = store.read("orders", 2);
    assertThat(before).isNotEmpty();
    store.stop();
    Path state = TestStore.DIRECTORY.resolve("state");
    store.files.list(state).forEach(name -> store.files.delete(state.resolve(name)));
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq store repair");

    // when
    List<String> told = repair(store).repair();
    store.start();

    // then
    assertThat(store.read("orders", 2)).isEqualTo(before);
    assertThat(store.state.topics.find("orders")).isNotNull();
    assertThat(told)
        .anyMatch(line -> line.startsWith("the topic orders was known by its messages"));
  }

  @Test
  void shouldKeepTopicsAndOffsetsWhenTheNewestSegmentIsLost() {
    // given: the state file knows more than the log that is left
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.fillSegment("orders", 0);
    store.writeState();
    store.fillSegment("orders", 0);
    store.writeState();
    store.retain(TestStore.SEGMENT_BYTES);
    store.createTopic("late", 1);
    store.send("late", 0, "lost");
    store.stop();
    truncate(store.files, LOG.resolve("%020d.log".formatted(2L * TestStore.SEGMENT_BYTES)), 0);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq store repair");

    // when
    repair(store).repair();
    store.start();

    // then
    assertThat(store.state.topics.find("late")).isNotNull();
    assertThat(store.state.queueViews.tail("late", 0)).isEqualTo(1);
    assertThat(store.readWhatIsWhole("late", 0)).isEmpty();
    assertThat(store.readWhatIsWhole("orders", 0)).isNotEmpty();
  }

  @Test
  void shouldChangeNothingWhileABrokerRuns() throws Exception {
    // given
    TestStore store = new TestStore(1);
    AutoCloseable lock = store.files.lock(TestStore.DIRECTORY.resolve("lock"));

    // when // then
    assertThatThrownBy(() -> repair(store).repair())
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.LOCKED));
    lock.close();
  }

  private static long size(FileSystem files, Path path) {
    try (StoreFile file = files.open(path)) {
      return file.size();
    }
  }

  private static void truncate(FileSystem files, Path path, long size) {
    try (StoreFile file = files.open(path)) {
      file.truncate(size);
      file.sync();
    }
  }

  private static void write(FileSystem files, Path path, long at, byte[] bytes) {
    try (StoreFile file = files.open(path)) {
      file.write(ByteBuffer.wrap(bytes), at);
      file.sync();
    }
  }
}
