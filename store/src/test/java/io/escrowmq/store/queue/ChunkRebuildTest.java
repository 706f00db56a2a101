package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged chunks of topics that come and go, made again from any log that tells of them. */
final class ChunkRebuildTest {

  private static final Path DIRECTORY = Path.of("/store/queues");
  private static final Path CHUNKS = DIRECTORY.resolve("00000001.chunks");
  private static final int TOPICS = 2;
  private static final int QUEUES = 2;
  private static final int LENGTH = 64;

  @Test
  void shouldForgetTheDamageOfATopicThatIsDeleted() {
    for (int seed = 0; seed < 100; seed++) {
      // given: damage is noted of topics that are deleted and made again then, and damaged again
      Run run = new Run(seed);
      run.live(200);
      run.harm();
      run.queues.findDamaged();
      for (int topic = 0; topic < TOPICS; topic++) {
        run.delete("topic" + topic);
      }
      assertThat(run.queues.damaged()).as("seed %d", seed).isEmpty();
      run.live(200);
      run.harm();

      // when
      List<DamagedChunk> damaged = run.queues.findDamaged();
      ChunkRebuild rebuild = run.queues.rebuild(damaged);
      run.log.forEach(fact -> run.offer(fact, rebuild));
      assertThat(rebuild.finish()).isZero();
      run.queues.rebuilt(damaged);

      // then
      assertThat(run.queues.findDamaged()).as("seed %d", seed).isEmpty();
      run.compare();
    }
  }

  @Test
  void shouldMakeEachChunkAgainOfWhichAllCanBeReadAndLeaveTheOthers() {
    int left = 0;
    int made = 0;
    for (int seed = 0; seed < 200; seed++) {
      // given: topics were deleted and made again, and retention has taken the beginning
      Run run = new Run(seed);
      for (int life = run.random.nextInt(3); life > 0; life--) {
        run.live(150);
        run.delete("topic" + run.random.nextInt(TOPICS));
      }
      run.live(300);
      long start =
          run.random.nextBoolean() ? 0 : run.end - 300L * LENGTH * run.random.nextInt(10) / 10;
      run.queues.forgetBefore(start);
      run.harm();
      List<DamagedChunk> damaged = run.queues.findDamaged();

      // when: some parts of the log cannot be read
      Set<Long> unreadable = run.unreadable(start);
      ChunkRebuild rebuild = run.queues.rebuild(damaged);
      run.offerFrom(start, unreadable, rebuild);
      rebuild.finish();
      run.queues.rebuilt(rebuild.made());

      // then: what was made is right, and what is left is noted
      assertThat(rebuild.made())
          .as("seed %d", seed)
          .containsAll(run.readable(damaged, start, unreadable));
      assertThat(run.queues.findDamaged())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(without(damaged, rebuild.made()));
      run.compare(start);
      left += run.queues.damaged().size();
      made += rebuild.made().size();

      // and made when they can be read
      ChunkRebuild again = run.queues.rebuild(run.queues.damaged());
      run.offerFrom(start, Set.of(), again);
      again.finish();
      run.queues.rebuilt(again.made());
      assertThat(run.queues.findDamaged()).as("seed %d", seed).isEmpty();
      run.compare(start);
    }
    assertThat(left).isGreaterThan(200);
    assertThat(made).isGreaterThan(1000);
  }

  private static List<DamagedChunk> without(List<DamagedChunk> chunks, List<DamagedChunk> some) {
    return chunks.stream().filter(chunk -> !some.contains(chunk)).toList();
  }

  @Test
  void shouldNoteNoDamageOfAQueueThatIsGone() {
    // given: somebody reads on while the topic is deleted, and made again
    Run run = new Run(1);
    run.live(200);
    ConsumeQueue gone = run.queues.find("topic0", 0);
    run.delete("topic0");
    run.live(20);
    run.harm();

    // when
    gone.checkChunks(0, Integer.MAX_VALUE, LostSink.NONE);

    // then
    assertThat(run.queues.damaged()).isEmpty();
    assertThat(run.queues.everDamaged()).isZero();
  }

  /** A record that makes a message visible, which may lie further back; or a deletion. */
  private record Fact(long position, String topic, int queueId, long offset, long pointsTo) {}

  private static final class Run {
    private final Random random;
    private final SimulatedFileSystem files;
    private final ConsumeQueues queues;
    private final List<Fact> log = new ArrayList<>();
    private final Map<String, List<Fact>> expected = new HashMap<>(); // by queue
    private long end = 64;

    Run(int seed) {
      random = new Random(seed * 0x9E3779B97F4A7C15L);
      files = new SimulatedFileSystem(seed);
      queues = ConsumeQueues.open(
          files, DIRECTORY, new QueueSettings(2 + random.nextInt(8), 1 << 20, 1 << 20, 1));
    }

    void live(int records) {
      for (int i = 0; i < records; i++) {
        String topic = "topic" + random.nextInt(TOPICS);
        int queueId = random.nextInt(QUEUES);
        ConsumeQueue queue = queues.obtain(topic, queueId);
        // now and then one that was long in escrow
        long pointsTo =
            random.nextInt(10) == 0 ? Math.max(64, end - random.nextInt(50) * 64L) : end;
        Fact fact = new Fact(end, topic, queueId, queue.tail(), pointsTo);
        queue.append(pointsTo, LENGTH, (int) end, end);
        expected.computeIfAbsent(queue.toString(), name -> new ArrayList<>()).add(fact);
        log.add(fact);
        end += LENGTH;
      }
      queues.drainTouched(ConsumeQueue::publish);
    }

    void delete(String topic) {
      queues.delete(topic);
      expected.keySet().removeIf(queue -> queue.startsWith(topic));
      log.add(new Fact(end, topic, -1, -1, -1));
      end += LENGTH;
    }

    /** Any bits of the chunks turn over, about one in every other chunk. */
    void harm() {
      long size;
      try (StoreFile file = files.open(CHUNKS)) {
        size = file.size();
      }
      for (long at = random.nextInt(300); at < size; at += 1 + random.nextInt(600)) {
        files.flipBit(CHUNKS, at, random.nextInt(8));
      }
    }

    void offer(Fact fact, ChunkRebuild rebuild) {
      if (fact.queueId < 0) {
        rebuild.forget(fact.topic);
      } else {
        rebuild.offer(
            fact.topic,
            fact.queueId,
            fact.offset,
            fact.pointsTo,
            LENGTH,
            (int) fact.position,
            fact.position);
      }
    }

    /** Positions of records in a row, now and then also of the deletion of a topic. */
    Set<Long> unreadable(long start) {
      Set<Long> positions = new HashSet<>();
      for (int parts = random.nextInt(4); parts > 0; parts--) {
        int at = random.nextInt(log.size());
        int to = Math.min(log.size(), at + 1 + random.nextInt(20));
        log.subList(at, to).forEach(fact -> positions.add(fact.position));
      }
      positions.removeIf(position -> position < start);
      return positions;
    }

    void offerFrom(long start, Set<Long> unreadable, ChunkRebuild rebuild) {
      for (Fact fact : log) {
        if (fact.position < rebuild.from()) {
          continue;
        }
        if (rebuild.isFound()) {
          return;
        }
        if (unreadable.contains(fact.position)) {
          rebuild.unreadable(fact.position + LENGTH);
        } else if (fact.position >= start) {
          offer(fact, rebuild);
        }
      }
    }

    /** Those of which each record is there and can be read. */
    List<DamagedChunk> readable(List<DamagedChunk> chunks, long start, Set<Long> unreadable) {
      return chunks.stream()
          .filter(chunk -> facts(chunk).stream()
              .allMatch(it -> it.position >= start && !unreadable.contains(it.position)))
          .toList();
    }

    private List<Fact> facts(DamagedChunk chunk) {
      int first = (int) chunk.firstOffset();
      return expected
          .get(chunk.topic() + "/" + chunk.queueId())
          .subList(first, first + chunk.count());
    }

    void compare() {
      compare(0);
    }

    /** What is not damaged is right; what retention has taken may be without an entry. */
    void compare(long start) {
      QueueEntries entries = new QueueEntries(1);
      expected
          .values()
          .forEach(facts -> facts.forEach(fact -> {
            ConsumeQueue queue = queues.find(fact.topic, fact.queueId);
            boolean isDamaged = queues.damaged().stream()
                .anyMatch(
                    chunk -> chunk.topic().equals(fact.topic) && facts(chunk).contains(fact));
            if (fact.pointsTo >= start && !isDamaged && isAsked(queue, fact.offset)) {
              assertThat(queue.read(fact.offset, entries)).isOne();
              assertThat(entries.position(0)).isEqualTo(fact.pointsTo);
              assertThat(entries.storeTimeMillis(0)).isEqualTo(fact.position);
            }
          }));
    }

    // A queue whose first chunk is damaged answers nothing.
    private static boolean isAsked(ConsumeQueue queue, long offset) {
      try {
        return queue.minOffset() <= offset;
      } catch (StorageException e) {
        return false;
      }
    }
  }
}
