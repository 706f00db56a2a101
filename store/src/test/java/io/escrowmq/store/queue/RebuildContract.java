package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Views that lived through images, retention and crashes against a model that is computed from the
 * facts in one go. One class for each file system runs it.
 */
abstract class RebuildContract {

  private static final int TOPICS = 5;
  private static final int QUEUES = 3;
  private static final int KEYS = 40;

  /** A file system for a run of this seed, and a directory in it that nobody else uses. */
  abstract FileSystem files(int seed);

  abstract Path directory(int seed);

  /** The process ends without a word. */
  abstract void crash(FileSystem files);

  abstract int runs();

  @Test
  void shouldEqualTheModelAfterAnyCrash() {
    for (int seed = 0; seed < runs(); seed++) {
      new Run(seed, files(seed), directory(seed)).play();
    }
  }

  /** A record as far as the views see it; a deletion has no queue. */
  private record Fact(
      long position, String topic, int queueId, int length, int tag, long time, long key) {

    boolean isDeletion() {
      return queueId < 0;
    }
  }

  private final class Run {
    private final int seed;
    private final Random random;
    private final FileSystem files;
    private final Path directory;
    private final QueueSettings queueSettings;
    private final KeySettings keySettings;

    private List<Fact> log = new ArrayList<>();
    private long end = 64;
    private long time = 1000;
    private long forgotten;
    private boolean harmed; // a state file may name what is damaged, also lives later
    private boolean mended; // in this life

    private StateFiles states;
    private ConsumeQueues queues;
    private KeyIndex keys;
    private final ArrayDeque<Runnable> background = new ArrayDeque<>();
    private final List<Long> imaged = new ArrayList<>();

    Run(int seed, FileSystem files, Path directory) {
      this.seed = seed;
      this.random = new Random(seed);
      this.files = files;
      this.directory = directory;
      this.queueSettings =
          new QueueSettings(2 + random.nextInt(8), fileBytes(), random.nextInt(4) * 2000L, 3);
      this.keySettings = new KeySettings(2 + random.nextInt(300), 5000 + random.nextInt(20_000));
    }

    /** In some runs each chunk has a file of its own. */
    private int fileBytes() {
      return random.nextInt(3) == 0 ? 1 : 300 + random.nextInt(2000);
    }

    void play() {
      try {
        start();
        for (int life = 0; life < 6; life++) {
          live();
          crash(files);
          // the log lost what no state file rests on
          long durable = imaged.isEmpty() ? 64 : imaged.get(imaged.size() - 1);
          long cut = durable + (long) (random.nextDouble() * (end - durable + 1));
          log.removeIf(fact -> fact.position >= cut && fact.position >= durable);
          end = log.isEmpty() ? 64 : log.get(log.size() - 1).position + 64;
          end = Math.max(end, durable);
          lose();
          mended = false;
          start();
          mend();
          compare();
        }
        close();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }

    private void start() {
      states = new StateFiles(files, directory.resolve("state"));
      long from = restore();
      for (Fact fact : log) {
        if (fact.position >= from) {
          apply(fact);
        }
      }
      queues.drainTouched(ConsumeQueue::publish);
    }

    /** Where replay begins: any state file can be used, whatever became of the files it names. */
    private long restore() {
      background.clear();
      queues = ConsumeQueues.open(files, directory.resolve("queues"), queueSettings);
      keys = KeyIndex.open(files, directory.resolve("keys"), keySettings, background::add);
      queues.forgetBefore(forgotten);
      keys.forgetBefore(forgotten);
      try (StateFile state = states.newest()) {
        if (state == null) {
          return 0;
        }
        assertThat(imaged).contains(state.position());
        state.restore(List.of(queues, keys));
        return state.position();
      }
    }

    /** Now and then somebody deletes the newest state file, or harms what it rests on. */
    private void lose() {
      int dice = random.nextInt(8);
      if (dice < 4) {
        harmed = true;
        harm(directory.resolve(dice < 2 ? "queues" : "keys"));
      } else if (dice < 6) {
        List<String> names = files.list(directory.resolve("state"));
        if (names.size() >= 2) {
          files.delete(directory.resolve("state").resolve(names.get(names.size() - 1)));
        }
      }
    }

    private void harm(Path from) {
      List<String> names = files.list(from);
      if (names.isEmpty()) {
        return;
      }
      Path path = from.resolve(names.get(random.nextInt(names.size())));
      if (random.nextInt(3) == 0) {
        files.delete(path);
        return;
      }
      try (StoreFile file = files.open(path)) {
        int size = (int) file.size();
        if (size > 0 && random.nextBoolean()) {
          file.truncate(random.nextInt(size));
        } else if (size > 0) {
          int at = random.nextInt(size);
          ByteBuffer one = ByteBuffer.allocate(1);
          file.read(one, at);
          file.write(one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8))).flip(), at);
        }
        file.sync();
      }
    }

    /** Before it is mended a reader is refused, or finds all; afterwards it finds all. */
    private void mend() {
      compare();
      List<DamagedChunk> chunks = queues.findDamaged();
      ChunkRebuild chunkRebuild = queues.rebuild(chunks);
      List<DamagedRun> runs = keys.findDamaged();
      RunRebuild runRebuild = keys.rebuild(runs);
      Map<String, Integer> offsets = new HashMap<>();
      for (Fact fact : log) {
        if (fact.isDeletion()) {
          chunkRebuild.forget(fact.topic);
          offsets.keySet().removeIf(queue -> queue.startsWith(fact.topic));
        } else {
          int offset = offsets.merge(fact.topic + fact.queueId, 1, Integer::sum) - 1;
          chunkRebuild.offer(
              fact.topic, fact.queueId, offset, pointsTo(fact), 64, fact.tag, fact.time);
          if (fact.position >= runRebuild.from() && fact.position <= runRebuild.to()) {
            runRebuild.offer(fact.key, fact.position, fact.time);
          }
        }
      }
      assertThat(chunkRebuild.finish()).isZero();
      queues.rebuilt(chunks);
      assertThat(runRebuild.finish()).isZero();
      assertThat(queues.findDamaged()).isEmpty();
      assertThat(keys.findDamaged()).isEmpty();
      mended = true;
    }

    private void orRefused(Runnable comparison) {
      try {
        comparison.run();
      } catch (StorageException e) {
        assertThat(harmed && !mended).as(e.getMessage()).isTrue();
        assertThat(e.reason()).isEqualTo(StorageException.Reason.IO);
      }
    }

    private void live() {
      int steps = random.nextInt(600);
      for (int i = 0; i < steps; i++) {
        step();
      }
      compare();
    }

    private void step() {
      time += random.nextInt(3);
      int dice = random.nextInt(200);
      if (dice == 0) {
        record(new Fact(end, topic(), -1, 0, 0, time, 0));
      } else if (dice == 1) {
        retain();
      } else if (dice == 2) {
        image();
      } else if (dice < 20 && !background.isEmpty()) {
        background.remove().run();
      } else {
        // now and then one that was long in escrow
        long position = random.nextInt(10) == 0 ? Math.max(64, end - random.nextInt(5000)) : end;
        apply(record(new Fact(end, topic(), random.nextInt(QUEUES), 0, 0, time, key()), position));
        if (random.nextInt(3) == 0) {
          queues.drainTouched(ConsumeQueue::publish);
        }
        return;
      }
    }

    private Fact record(Fact fact, long pointsTo) {
      Fact whole = new Fact(
          fact.position,
          fact.topic,
          fact.queueId,
          (int) (fact.position - pointsTo),
          random.nextInt(),
          fact.time,
          fact.key);
      log.add(whole);
      end += 64 + random.nextInt(8) * 8;
      return whole;
    }

    private void record(Fact deletion) {
      log.add(deletion);
      end += 64;
      apply(deletion);
    }

    private void apply(Fact fact) {
      if (fact.isDeletion()) {
        queues.delete(fact.topic);
      } else {
        ConsumeQueue queue = queues.obtain(fact.topic, fact.queueId);
        queue.append(pointsTo(fact), 64, fact.tag, fact.time);
        keys.add(fact.key, fact.position, fact.time);
      }
    }

    private void image() {
      long position = end;
      if (!imaged.isEmpty() && imaged.get(imaged.size() - 1) == position) {
        return;
      }
      Map<String, Image> images = new HashMap<>();
      images.put(queues.name(), queues.image());
      images.put(keys.name(), keys.image());
      // the background is slower than the log loop
      int meanwhile = random.nextInt(60);
      for (int i = 0; i < meanwhile; i++) {
        if (random.nextInt(10) == 0 && !background.isEmpty()) {
          background.remove().run();
        }
        time++;
        apply(record(new Fact(end, topic(), random.nextInt(QUEUES), 0, 0, time, key()), end));
      }
      try {
        states.write(position, images);
        imaged.add(position);
      } catch (StorageException e) {
        throw new AssertionError(e);
      }
    }

    private void retain() {
      long oldest = states.oldestPosition();
      if (oldest > forgotten) {
        forgotten += random.nextLong(oldest - forgotten + 1);
        queues.forgetBefore(forgotten);
        keys.forgetBefore(forgotten);
      }
    }

    private String topic() {
      return "topic" + random.nextInt(TOPICS);
    }

    private long key() {
      return KeyIndex.hash("t", "key" + random.nextInt(KEYS));
    }

    private long pointsTo(Fact fact) {
      return fact.position - fact.length;
    }

    private void compare() {
      queues.drainTouched(ConsumeQueue::publish);
      Map<String, List<Fact>> expected = new TreeMap<>();
      for (Fact fact : log) {
        if (fact.isDeletion()) {
          for (int q = 0; q < QUEUES; q++) {
            expected.remove(fact.topic + "/" + q);
          }
        } else {
          expected
              .computeIfAbsent(fact.topic + "/" + fact.queueId, n -> new ArrayList<>())
              .add(fact);
        }
      }
      for (int t = 0; t < TOPICS; t++) {
        for (int q = 0; q < QUEUES; q++) {
          ConsumeQueue queue = queues.find("topic" + t, q);
          List<Fact> facts = expected.get("topic" + t + "/" + q);
          assertThat(queue == null).isEqualTo(facts == null);
          if (queue != null) {
            orRefused(() -> compare(queue, facts));
          }
        }
      }
      for (int k = 0; k < KEYS; k++) {
        long key = KeyIndex.hash("t", "key" + k);
        orRefused(() -> compareKey(key));
      }
    }

    private void compare(ConsumeQueue queue, List<Fact> facts) {
      assertThat(queue.maxOffset()).isEqualTo(facts.size()).isEqualTo(queue.tail());
      int min = 0;
      while (min < facts.size() && pointsTo(facts.get(min)) < forgotten) {
        min++;
      }
      assertThat(queue.minOffset()).as("%s min", queue).isEqualTo(min);
      QueueEntries entries = new QueueEntries(1 + random.nextInt(20));
      for (int at = min; at < facts.size(); at += entries.count()) {
        assertThat(queue.read(at, entries)).isPositive();
        for (int i = 0; i < entries.count(); i++) {
          Fact fact = facts.get(at + i);
          if (pointsTo(fact) >= forgotten) {
            assertThat(entries.position(i)).isEqualTo(pointsTo(fact));
            assertThat(entries.tagCode(i)).isEqualTo(fact.tag);
            assertThat(entries.storeTimeMillis(i)).isEqualTo(fact.time);
          } else {
            assertThat(entries.position(i)).isLessThan(forgotten);
          }
        }
      }
    }

    private void compareKey(long key) {
      long from = time - random.nextInt(2000);
      long to = from + random.nextInt(2000);
      int max = 1 + random.nextInt(100);
      List<Long> expected = new ArrayList<>();
      for (int i = log.size() - 1; i >= 0 && expected.size() < max; i--) {
        Fact fact = log.get(i);
        if (!fact.isDeletion()
            && fact.key == key
            && fact.time >= from
            && fact.time <= to
            && fact.position >= forgotten) {
          expected.add(fact.position);
        }
      }
      assertThat(Arrays.stream(keys.find(key, from, to, Long.MAX_VALUE, max))
              .boxed()
              .toList())
          .isEqualTo(expected);
    }

    private void close() {
      queues.close();
      keys.close();
    }
  }
}
