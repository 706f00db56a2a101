package io.escrowmq.store.queue;

import io.escrowmq.store.StorageException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which chunks of queues were found damaged, and were not made again yet. Any thread. */
final class ChunkDamage {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkDamage.class);

  private final ConsumeQueues queues;
  private final ConcurrentHashMap<Long, DamagedChunk> damaged =
      new ConcurrentHashMap<>(); // by address
  private final AtomicLong everDamaged = new AtomicLong();

  ChunkDamage(ConsumeQueues queues) {
    this.queues = queues;
  }

  /** How many there were so far. */
  long everDamaged() {
    return everDamaged.get();
  }

  List<DamagedChunk> all() {
    return List.copyOf(damaged.values());
  }

  /** A reader needs it: answers how that is refused. */
  StorageException refused(ConsumeQueue queue, DamagedChunk chunk, StorageException why) {
    note(queue, chunk, why);
    return new StorageException(
        StorageException.Reason.IO,
        "the index of " + chunk + " is damaged and is being made again from the log; try again in a"
            + " while",
        why);
  }

  void note(ConsumeQueue queue, DamagedChunk chunk, StorageException why) {
    if (damaged.putIfAbsent(chunk.address(), chunk) == null) {
      // looked at after the note is there, as a deletion drops the notes after the queue is gone
      if (queues.find(queue.topic(), queue.queueId()) != queue) {
        damaged.remove(chunk.address());
        return;
      }
      everDamaged.incrementAndGet();
      LOG.error("{}; it is made again from the log, until then {} wait", why.getMessage(), chunk);
    }
  }

  /** The topic is gone: nobody misses them any more. */
  void forget(String topic) {
    damaged.values().removeIf(chunk -> chunk.topic().equals(topic));
  }

  /** They can be read again. */
  void made(List<DamagedChunk> made) {
    made.forEach(chunk -> damaged.remove(chunk.address()));
  }
}
