package io.escrowmq.broker.core;

import io.escrowmq.runtime.Ticker;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Proposals on their way to the log loop. Many event loops offer; the log loop drains.
 *
 * <p>What was drained counts until it is settled: a sync that hangs leads to refusals, and not to a
 * heap full of answers that wait for it.
 */
final class Inbox {

  /** One proposal in a load: its upper 24 bits count proposals, its lower 40 bits their bytes. */
  private static final long ONE = 1L << 40;

  private final MpscArrayQueue<Proposal> waiting;
  private final AtomicLong held = new AtomicLong(); // the load of all that is not settled
  private final WaitBound waits;
  private volatile int maxProposals; // one more is refused
  private volatile boolean crowded; // for a while already
  private volatile boolean relaxed; // few were unsettled meanwhile, when maybe nobody had a turn
  private final long maxBytes; // the same, but one proposal may be as large as it likes

  Inbox(int maxProposals, long maxBytes) {
    this.waiting = new MpscArrayQueue<>(maxProposals);
    this.waits = new WaitBound(maxProposals);
    this.maxProposals = maxProposals;
    this.maxBytes = maxBytes;
  }

  /** False when it is full; the proposal was then not taken. */
  boolean offer(Proposal proposal) {
    long load = load(proposal);
    long before = held.getAndAdd(load);
    boolean full = before / ONE >= maxProposals || before % ONE > maxBytes;
    if (full || !waiting.offer(proposal)) {
      giveBack(load);
      return false;
    }
    return true;
  }

  /**
   * Whether new messages are to be refused, so that there is room for what ends or answers something
   * that is here already; and so that under lasting overload only some wait to be ruled on, for what
   * waits is garbage that has grown old, and collecting it takes the processor from the others. Any
   * thread; a hint, for whoever wants to know before it does the work.
   */
  boolean isBusy() {
    long load = held.get();
    return load / ONE >= kept(maxProposals)
        || load % ONE > kept(maxBytes)
        || (crowded && waiting.size() >= WaitBound.SOME);
  }

  private static long kept(long most) {
    return most - most / 8;
  }

  /** The next proposal, or null when none waits. One reader at a time. */
  @Nullable
  Proposal poll() {
    return waiting.relaxedPoll();
  }

  /** What a proposal takes until it is given back; loads are added up. */
  static long load(Proposal proposal) {
    return ONE + proposal.weight();
  }

  /** Proposals of this load are settled, or were never taken. Any thread. */
  void giveBack(long load) {
    long left = held.addAndGet(-load);
    if (left / ONE < WaitBound.FEW && !relaxed) {
      relaxed = true;
    }
  }

  /** So many were taken in a turn that ends: those that wait now shall not wait long. In the turn. */
  void taken(int moved, Ticker ticker) {
    int unsettled = size();
    if (unsettled >= WaitBound.FEW || crowded) {
      if (relaxed) {
        relaxed = false;
        waits.fewWait();
      }
      maxProposals = waits.after(moved, unsettled, ticker.millis());
      crowded = waits.isCrowded();
    }
  }

  /** True when none waits to be ruled on. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How many are not settled yet. */
  int size() {
    return (int) (held.get() / ONE);
  }
}
