package io.escrowmq.store.queue;

import io.escrowmq.store.StorageException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks that the disk did not give when they were read. It may give them a moment later. When it does
 * not however often it is asked, zeros are written over the pages that it does not give, so that it
 * puts them elsewhere: chunks in them are damaged then, and can be made again at their places.
 *
 * <p>Any thread notes; one thread looks again.
 */
final class UnreadChunks {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadChunks.class);

  private static final int LOOKS_A_TURN = 16; // each may take the disk seconds

  private record UnreadChunk(ConsumeQueue queue, DamagedChunk chunk, int looks, String why) {}

  private final ConsumeQueues queues;
  private final Chunks chunks;
  private final Map<Long, UnreadChunk> unread = new ConcurrentHashMap<>(); // by address

  UnreadChunks(ConsumeQueues queues, Chunks chunks) {
    this.queues = queues;
    this.chunks = chunks;
  }

  void note(ConsumeQueue queue, DamagedChunk chunk, StorageException why) {
    UnreadChunk seen = new UnreadChunk(queue, chunk, 1, String.valueOf(why.getMessage()));
    if (unread.putIfAbsent(chunk.address(), seen) == null) {
      LOG.warn("{}; {} wait until it can be read, or is given up", why.getMessage(), chunk);
    }
  }

  List<UnreadPart> all() {
    return unread.values().stream()
        .sorted(Comparator.comparingLong(it -> it.chunk.address()))
        .map(this::told)
        .toList();
  }

  private UnreadPart told(UnreadChunk seen) {
    return new UnreadPart(
        chunks.files().pathOf(seen.chunk.address()), seen.chunk.toString(), seen.why);
  }

  void lookAgain() {
    unread.values().stream().limit(LOOKS_A_TURN).forEach(it -> lookAgain(it, Unread.MOST_LOOKS));
  }

  /** Looks at all once more, and gives up what cannot be read. */
  void giveUp() {
    List.copyOf(unread.values()).forEach(it -> lookAgain(it, 0));
  }

  private void lookAgain(UnreadChunk it, int mostLooks) {
    DamagedChunk chunk = it.chunk;
    if (queues.find(chunk.topic(), chunk.queueId()) == it.queue && !isGiven(chunk)) {
      if (it.looks + 1 < mostLooks) {
        unread.put(chunk.address(), new UnreadChunk(it.queue, chunk, it.looks + 1, it.why));
        return;
      }
      clear(chunk);
    }
    unread.remove(chunk.address());
    it.queue.checkChunks(chunk.firstOffset(), 1, LostSink.NONE);
  }

  private boolean isGiven(DamagedChunk chunk) {
    try {
      chunks.check(chunk.address(), chunk.firstOffset(), chunk.count());
      return true;
    } catch (StorageException e) {
      return e.reason() == StorageException.Reason.CORRUPT;
    }
  }

  private void clear(DamagedChunk chunk) {
    try {
      chunks.files().clearUnreadable(chunk.address(), Chunks.bytes(chunk.count()));
    } catch (StorageException e) {
      LOG.warn("{} cannot be made again: {}", chunk, e.getMessage()); // it is noted again
    }
  }
}
