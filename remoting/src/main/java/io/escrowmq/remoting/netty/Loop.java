package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.frame.HeaderBuffer;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop, and what its connections share. Owner: the loop's thread; {@link #hand} is for
 * any thread.
 *
 * <p>What other threads want done waits in the outbox. The first to come wakes the loop up, all
 * who come before it has got there ride along, and each connection is flushed once at the end: one
 * wake-up and one system call a connection for many answers.
 *
 * <p>Not taken: holding the wake-up back until a thread has given all its answers. Measured with 16
 * senders it changes nothing (0.17 wake-ups an answer, with and without): the loop takes longer to
 * wake up than the others take to answer.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // executing is all that is wanted; a refusal is thrown
final class Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long MOST_GATHERED_BYTES = 4 << 20;

  /** Headers are written here before they go into a frame. */
  final HeaderBuffer header = new HeaderBuffer();

  /** Looks at headers of requests that may be refused unread. */
  final HeaderGlance glance = new HeaderGlance();

  private final EventLoop thread;
  private final Runnable drain = this::drain;

  // A stack, newest first; bounded by the calls that may be pending on this loop's connections.
  private final AtomicReference<@Nullable OutboxTask> outbox = new AtomicReference<>();

  private final List<NettyConnection> unflushed = new ArrayList<>();
  private long gatheredBytes; // of frames in the batches of unflushed connections
  private int ownWaiting; // handed over by the loop's own thread, and not run yet
  private @Nullable OutboxTask rest; // of what was drained when too much was gathered
  private boolean draining;
  private final Deque<OutboxTask> putOff = new ArrayDeque<>(); // at most what may be in the outbox
  private boolean muchDone; // what just ran was much work

  Loop(EventLoop thread) {
    this.thread = thread;
  }

  /**
   * Runs it now when this is the loop's thread, else soon. Also soon when much is gathered: a message
   * that a thousand peers wait for is written to a few of them at a time, not copied for all first. And
   * as long as something of this thread waits, so that nothing overtakes it.
   */
  void runOrHand(OutboxTask outgoing) {
    if (!thread.inEventLoop()) {
      hand(outgoing);
    } else if (gatheredBytes < MOST_GATHERED_BYTES && ownWaiting == 0) {
      outgoing.run();
    } else {
      ownWaiting++;
      outgoing.isOwn = true;
      hand(outgoing);
    }
  }

  /** Runs it soon, on the loop. */
  void hand(OutboxTask outgoing) {
    OutboxTask head;
    do {
      head = outbox.get();
      outgoing.next = head;
    } while (!outbox.compareAndSet(head, outgoing));
    if (head == null) {
      wake();
    }
  }

  /** Has the connection flushed when this turn ends; outside of a turn, begins one. */
  void flushAfterTurn(NettyConnection connection) {
    unflushed.add(connection);
    if (!draining && unflushed.size() == 1) {
      wake();
    }
  }

  /** Counts a frame that waits in a batch until its connection is flushed. */
  void gathered(long bytes) {
    gatheredBytes += bytes;
  }

  /** What runs now is much work: others come first before more of its kind. */
  void giveWay() {
    muchDone = true;
  }

  /** Whether what just ran was much work; asked once for each. */
  boolean wasMuchDone() {
    boolean much = muchDone;
    muchDone = false;
    return much;
  }

  /**
   * Runs it when every connection that wants something has been looked at once. A scheduled task and
   * not an executed one: Netty runs up to 64 of those in a row.
   */
  void afterOthers(Runnable task) {
    schedule(task, 0);
  }

  void schedule(Runnable task, long delayNanos) {
    thread.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  long nanoTime() {
    return thread.ticker().nanoTime();
  }

  private void wake() {
    try {
      thread.execute(drain);
    } catch (RejectedExecutionException e) { // the loop has ended
      for (OutboxTask left = rest; left != null; left = left.next) {
        left.discard();
      }
      rest = null;
      for (OutboxTask left = outbox.getAndSet(null); left != null; left = left.next) {
        left.discard();
      }
    }
  }

  private void drain() {
    draining = true;
    boolean isFirst = putOff.isEmpty();
    boolean tired = !isFirst;
    OutboxTask oldest = rest != null ? rest : reversed(outbox.getAndSet(null));
    rest = null;
    while (oldest != null) {
      OutboxTask outgoing = oldest;
      oldest = outgoing.next;
      outgoing.next = null;
      if (tired && outgoing.mayBePutOff()) {
        putOff.add(outgoing);
      } else {
        run(outgoing);
        tired |= wasMuchDone();
      }
      if (gatheredBytes >= MOST_GATHERED_BYTES) {
        rest = oldest; // other tasks of this loop come first, such as closing who holds too much
        break;
      }
    }
    flushAll();
    draining = false;
    if (rest != null) {
      wake();
    }
    if (isFirst && !putOff.isEmpty()) {
      afterOthers(this::runPutOff);
    }
  }

  /** Goes on until much work was done again. */
  private void runPutOff() {
    draining = true;
    boolean tired = false;
    while (!tired && !putOff.isEmpty() && gatheredBytes < MOST_GATHERED_BYTES) {
      run(putOff.remove());
      tired = wasMuchDone();
    }
    flushAll();
    draining = false;
    if (!putOff.isEmpty()) {
      afterOthers(this::runPutOff);
    }
  }

  private void run(OutboxTask outgoing) {
    if (outgoing.isOwn) {
      ownWaiting--;
    }
    try {
      outgoing.run();
    } catch (RuntimeException | Error e) { // such as no memory: the others' turn goes on
      LOG.error("a task on an event loop failed", e);
    }
  }

  private void flushAll() {
    gatheredBytes = 0;
    for (int i = 0; i < unflushed.size(); i++) { // may grow while it runs
      try {
        unflushed.get(i).flush();
      } catch (RuntimeException | Error e) {
        LOG.error("{} could not be written to", unflushed.get(i), e);
      }
    }
    unflushed.clear();
    gatheredBytes = 0;
  }

  private static @Nullable OutboxTask reversed(@Nullable OutboxTask newest) {
    OutboxTask oldest = null;
    OutboxTask rest = newest;
    while (rest != null) {
      OutboxTask next = rest.next;
      rest.next = oldest;
      oldest = rest;
      rest = next;
    }
    return oldest;
  }
}
