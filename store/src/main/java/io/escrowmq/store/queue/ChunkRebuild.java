package io.escrowmq.store.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private final Map<String, List<Target>> byTopic = new HashMap<>();

  ChunkRebuild(Chunks chunks, List<DamagedChunk> damaged) {
    this.chunks = chunks;
    for (DamagedChunk chunk : damaged) {
      byTopic.computeIfAbsent(chunk.topic(), name -> new ArrayList<>()).add(new Target(chunk));
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
    for (Target target : byTopic.getOrDefault(topic, List.of())) {
      long index = queueOffset - target.chunk.firstOffset();
      if (target.chunk.queueId() == queueId && index >= 0 && index < target.chunk.count()) {
        int at = (int) index * Entry.WORDS;
        target.words[at + Entry.POSITION] = position;
        target.words[at + Entry.TIME] = timeMillis;
        target.words[at + Entry.LENGTH_AND_TAG] = Entry.lengthAndTag(recordLength, tagCode);
        target.found++;
      }
    }
  }

  /** The topic was deleted: what was offered of it belonged to queues that are gone. */
  public void forget(String topic) {
    for (Target target : byTopic.getOrDefault(topic, List.of())) {
      Arrays.fill(target.words, 0);
      target.found = 0;
    }
  }

  /**
   * Writes the chunks; answers how many entries the log did not have any more.
   *
   * @throws io.escrowmq.store.StorageException when the disk does not take them; they may be tried
   *     again
   */
  public int finish() {
    int missing = 0;
    for (List<Target> targets : byTopic.values()) {
      for (Target target : targets) {
        DamagedChunk chunk = target.chunk;
        chunks.rewrite(chunk.address(), chunk.firstOffset(), target.words, chunk.count());
        missing += chunk.count() - target.found;
      }
    }
    return missing;
  }
}
