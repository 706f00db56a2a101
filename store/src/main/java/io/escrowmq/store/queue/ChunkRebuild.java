package io.escrowmq.store.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes damaged chunks again at their places, from the records that made their messages visible. The
 * caller offers the log in order, from {@link #from} until {@link #isFound}, or to its end; what
 * retention has taken, or damage, is an entry without a message. Owner: one thread, beside readers.
 *
 * <p>Parts of the log may be unreadable. A chunk is made all the same when its entries were found,
 * up to the one with its highest position, which tells it from a chunk of a topic that had the same
 * name; and what was not found is taken for gone when all could be read that lies between the chunk
 * before and the next message of its queue.
 */
public final class ChunkRebuild {

  private static final class Target {
    private final DamagedChunk chunk;
    private final long[] words;
    private int found;
    private long highest;
    private boolean doubtful; // something of it may be where the log cannot be read
    private long timeBehind; // of the first message behind it, when that is in no other target

    private Target(DamagedChunk chunk) {
      this.chunk = chunk;
      this.words = new long[chunk.count() * Entry.WORDS];
    }

    private void put(int index, long position, int recordLength, int tagCode, long timeMillis) {
      int at = index * Entry.WORDS;
      words[at + Entry.POSITION] = position;
      words[at + Entry.TIME] = timeMillis;
      words[at + Entry.LENGTH_AND_TAG] = Entry.lengthAndTag(recordLength, tagCode);
      found++;
      highest = Math.max(highest, position);
    }

    private void forget(boolean isDoubtful) {
      Arrays.fill(words, 0);
      found = 0;
      highest = 0;
      timeBehind = 0;
      doubtful = isDoubtful;
    }

    // An entry without a message has the time of the one behind it, so that times ascend.
    private long fillLost(long timeOfNext) {
      long time = timeBehind == 0 ? timeOfNext : timeBehind;
      for (int at = words.length - Entry.WORDS; at >= 0; at -= Entry.WORDS) {
        if (Entry.hasMessage(words[at + Entry.POSITION])) {
          time = words[at + Entry.TIME];
        } else {
          Entry.putLost(words, at, time);
        }
      }
      return time;
    }

    // Only its own life of the topic has the highest position; in that one, offsets ascend.
    private boolean isFound(long last) {
      return highest == chunk.highestPosition() && (missing() == 0 || isOver(last));
    }

    private boolean isOver(long last) {
      return last >= chunk.firstOffset() + chunk.count() - 1;
    }

    private int missing() {
      return chunk.count() - found;
    }

    private boolean isKnown() {
      return highest == chunk.highestPosition() && (missing() == 0 || !doubtful);
    }
  }

  private static final class Queue {
    private final TreeMap<Long, Target> targets = new TreeMap<>(); // by first offset
    private long last = -1; // the offset offered last
    private long lastTime; // and its time

    private void forget(boolean isDoubtful) {
      last = -1;
      lastTime = 0;
      targets.values().forEach(target -> target.forget(isDoubtful));
    }

    private void unreadable(long goesOnAt) {
      for (Target target :
          targets.tailMap(targets.floorKey(Math.max(last, first()))).values()) {
        target.doubtful |= !target.isOver(last) && goesOnAt > target.chunk.after();
      }
    }

    private boolean isFound() {
      return targets.values().stream().allMatch(target -> target.isFound(last));
    }

    private long first() {
      return targets.firstKey();
    }

    private void fillLost() {
      long time = lastTime;
      for (Target target : targets.descendingMap().values()) {
        time = target.fillLost(time);
      }
    }
  }

  private final Chunks chunks;
  private final Map<String, Map<Integer, Queue>> byTopic = new HashMap<>();
  private final List<DamagedChunk> made = new ArrayList<>();
  private boolean isAllRead = true;

  ChunkRebuild(Chunks chunks, List<DamagedChunk> damaged) {
    this.chunks = chunks;
    for (DamagedChunk chunk : damaged) {
      byTopic
          .computeIfAbsent(chunk.topic(), name -> new HashMap<>())
          .computeIfAbsent(chunk.queueId(), id -> new Queue())
          .targets
          .put(chunk.firstOffset(), new Target(chunk));
    }
  }

  /** No message that is looked for became visible before this position. */
  public long from() {
    return targets().stream().mapToLong(target -> target.chunk.after()).min().orElse(0);
  }

  /** Whether all was found, or passed, so that the rest of the log says nothing more. */
  public boolean isFound() {
    return byTopic.values().stream()
        .allMatch(queues -> queues.values().stream().allMatch(Queue::isFound));
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
    Map<Integer, Queue> queues = byTopic.get(topic);
    Queue queue = queues == null ? null : queues.get(queueId);
    if (queue == null) {
      return;
    }
    if (queueOffset <= queue.last) { // begins again: the record of the topic's deletion is lost
      queue.forget(!isAllRead);
    }
    queue.last = queueOffset;
    queue.lastTime = timeMillis;
    Map.Entry<Long, Target> entry = queue.targets.floorEntry(queueOffset);
    if (entry != null) {
      Target target = entry.getValue();
      long index = queueOffset - target.chunk.firstOffset();
      if (index < target.chunk.count()) {
        target.put((int) index, position, recordLength, tagCode, timeMillis);
      } else if (target.timeBehind == 0) {
        target.timeBehind = timeMillis;
      }
    }
  }

  /** The topic was deleted: what was offered of it belonged to queues that are gone. */
  public void forget(String topic) {
    byTopic.getOrDefault(topic, Map.of()).values().forEach(queue -> queue.forget(false));
  }

  /** What lies between the record offered last and this position cannot be read now. */
  public void unreadable(long goesOnAt) {
    isAllRead = false;
    byTopic.values().forEach(queues -> queues.values().forEach(it -> it.unreadable(goesOnAt)));
  }

  /**
   * Writes the chunks, durably, but for those of which the log may have more when it can be read;
   * answers how many entries the log did not have any more.
   *
   * @throws io.escrowmq.store.StorageException when the disk does not take them; they may be tried
   *     again
   */
  public int finish() {
    int missing = 0;
    Set<Integer> written = new HashSet<>();
    byTopic.values().forEach(queues -> queues.values().forEach(Queue::fillLost));
    for (Target target : targets()) {
      if (isAllRead || target.isKnown()) {
        DamagedChunk chunk = target.chunk;
        chunks.rewrite(chunk.address(), chunk.firstOffset(), target.words, chunk.count());
        written.add(BlockFiles.number(chunk.address()));
        made.add(chunk);
        missing += target.missing();
      }
    }
    chunks.files().syncRewritten(written);
    return missing;
  }

  /** The chunks that {@link #finish} wrote; the others are to be tried again. */
  public List<DamagedChunk> made() {
    return made;
  }

  private List<Target> targets() {
    return byTopic.values().stream()
        .flatMap(queues -> queues.values().stream())
        .flatMap(queue -> queue.targets.values().stream())
        .toList();
  }
}
