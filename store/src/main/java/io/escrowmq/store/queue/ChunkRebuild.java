package io.escrowmq.store.queue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes damaged chunks again at their places, from the records that made their messages visible. The
 * caller offers all of the log, in order; what retention has taken stays at position 0, where no
 * record is. Owner: one thread, beside readers.
 */
public final class ChunkRebuild {

  private static final class Target {
    private final DamagedChunk chunk;
    private final long[] words;
    private int found;

    private Target(DamagedChunk chunk) {
      this.chunk = chunk;
      this.words = new long[chunk.count() * Entry.WORDS];
    }
  }

  private final Chunks chunks;
  // by first queue offset, by queue, by topic
  private final Map<String, Map<Integer, NavigableMap<Long, Target>>> byTopic = new HashMap<>();

  ChunkRebuild(Chunks chunks, List<DamagedChunk> damaged) {
    this.chunks = chunks;
    for (DamagedChunk chunk : damaged) {
      byTopic
          .computeIfAbsent(chunk.topic(), name -> new HashMap<>())
          .computeIfAbsent(chunk.queueId(), id -> new TreeMap<>())
          .put(chunk.firstOffset(), new Target(chunk));
    }
  }

  /** Whether messages of this topic are looked for. */
  public boolean wants(String topic) {
    return byTopic.containsKey(topic);
  }

  /** A message became visible at a queue offset. */
  public void offer(
      String topic,
      int queueId,
      long queueOffset,
      long position,
      int recordLength,
      int tagCode,
      long timeMillis) {
    Map<Integer, NavigableMap<Long, Target>> queues = byTopic.get(topic);
    NavigableMap<Long, Target> targets = queues == null ? null : queues.get(queueId);
    Map.Entry<Long, Target> entry = targets == null ? null : targets.floorEntry(queueOffset);
    if (entry == null) {
      return;
    }
    Target target = entry.getValue();
    long index = queueOffset - target.chunk.firstOffset();
    if (index < target.chunk.count()) {
      int at = (int) index * Entry.WORDS;
      target.words[at + Entry.POSITION] = position;
      target.words[at + Entry.TIME] = timeMillis;
      target.words[at + Entry.LENGTH_AND_TAG] = Entry.lengthAndTag(recordLength, tagCode);
      target.found++;
    }
  }

  /** The topic was deleted: what was offered of it belonged to queues that are gone. */
  public void forget(String topic) {
    for (Target target : targets(byTopic.getOrDefault(topic, Map.of()))) {
      Arrays.fill(target.words, 0);
      target.found = 0;
    }
  }

  /**
   * Writes the chunks, durably; answers how many entries the log did not have any more.
   *
   * @throws io.escrowmq.store.StorageException when the disk does not take them; they may be tried
   *     again
   */
  public int finish() {
    int missing = 0;
    Set<Integer> written = new HashSet<>();
    for (Map<Integer, NavigableMap<Long, Target>> queues : byTopic.values()) {
      for (Target target : targets(queues)) {
        DamagedChunk chunk = target.chunk;
        chunks.rewrite(chunk.address(), chunk.firstOffset(), target.words, chunk.count());
        written.add(BlockFiles.number(chunk.address()));
        missing += chunk.count() - target.found;
      }
    }
    chunks.files().syncRewritten(written);
    return missing;
  }

  private static List<Target> targets(Map<Integer, NavigableMap<Long, Target>> queues) {
    return queues.values().stream()
        .flatMap(targets -> targets.values().stream())
        .toList();
  }
}
