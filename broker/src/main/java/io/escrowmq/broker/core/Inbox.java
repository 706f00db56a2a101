package io.escrowmq.broker.core;

import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/** Proposals on their way to the log loop. Many event loops offer; the log loop drains. */
final class Inbox {

  private final MpscArrayQueue<Proposal> waiting; // at most maxProposals; refused beyond
  private final AtomicLong waitingBytes = new AtomicLong(); // at most maxBytes, but for one
  private final long maxBytes;

  Inbox(int maxProposals, long maxBytes) {
    this.waiting = new MpscArrayQueue<>(maxProposals);
    this.maxBytes = maxBytes;
  }

  /** False when it is full; the proposal was then not taken. */
  boolean offer(Proposal proposal) {
    int weight = proposal.weight();
    if (waitingBytes.addAndGet(weight) - weight > maxBytes || !waiting.offer(proposal)) {
      waitingBytes.addAndGet(-weight);
      return false;
    }
    return true;
  }

  /** The next proposal, or null when none waits. One reader at a time. */
  @Nullable
  Proposal poll() {
    Proposal proposal = waiting.relaxedPoll();
    if (proposal != null) {
      waitingBytes.addAndGet(-proposal.weight());
    }
    return proposal;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }
}
