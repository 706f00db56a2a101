package io.escrowmq.broker.core;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Batches whose requests were answered that the outcome is unknown. They are shown when enough replicas have them
 * after all. Their bytes are bounded with the log's ({@link io.escrowmq.store.LogRoom}); so that their number is, too,
 * small neighbours become one. One is shown when all of it is committed, so it stays small: a follower that is
 * behind for long still brings one after the other. One writer, any reader.
 */
final class UnansweredBatches {

  /** A batch takes in others until it has grown by so much of the log. */
  static final long MOST_BYTES_IN_ONE = 1 << 20;

  private static final int MOST_PARTS_IN_ONE =
      1024; // queues, and proposals: each merge copies them

  private record Unanswered(Batch batch, long firstEnd) {}

  private final Deque<Unanswered> all = new ConcurrentLinkedDeque<>();

  /** Takes the batch that follows. */
  void add(Batch batch) {
    Unanswered last = all.peekLast();
    if (last == null || !isOneWith(last, batch)) {
      all.addLast(new Unanswered(batch, batch.end()));
      return;
    }
    all.pollLast();
    all.addLast(new Unanswered(last.batch().and(batch), last.firstEnd()));
  }

  private static boolean isOneWith(Unanswered last, Batch batch) {
    Batch before = last.batch();
    return batch.end() - last.firstEnd() <= MOST_BYTES_IN_ONE
        && before.grown().size() + batch.grown().size() <= MOST_PARTS_IN_ONE
        && before.proposals().size() + batch.proposals().size() <= MOST_PARTS_IN_ONE;
  }

  /** The oldest; null when there is none. */
  @Nullable
  Batch peek() {
    Unanswered first = all.peekFirst();
    return first == null ? null : first.batch();
  }

  /** Takes out the oldest; false when there is none. */
  boolean remove() {
    return all.pollFirst() != null;
  }

  int size() {
    return all.size();
  }
}
