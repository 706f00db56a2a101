package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingException.Reason;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Calls of ours that wait for the peer's answer. Owner: the connection's loop; {@link #admit} is
 * for any thread.
 */
final class PendingCalls {

  private final Loop loop;
  private final int most;
  private final LongConsumer onMissed;
  private final AtomicInteger admitted = new AtomicInteger(); // never above most
  private final IntObjectHashMap<OutgoingRequest> waiting = new IntObjectHashMap<>();
  private long sweepAtNanos = Long.MAX_VALUE; // when the next look at the deadlines is due

  /**
   * @param most that may wait
   * @param onMissed hears of each call that was not answered in time when it was made; after the call has
   *     ended
   */
  PendingCalls(Loop loop, int most, LongConsumer onMissed) {
    this.loop = loop;
    this.most = most;
    this.onMissed = onMissed;
  }

  /** Takes a place; false when there is none. */
  boolean admit() {
    if (admitted.incrementAndGet() > most) {
      admitted.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives back the place of a call that was never added. */
  void dismiss() {
    admitted.decrementAndGet();
  }

  void add(OutgoingRequest call) {
    waiting.put(call.opaque, call);
    sweepAt(call.deadlineNanos);
  }

  /** Answers to calls that nobody waits for any more are ignored. */
  void complete(int opaque, Answer answer) {
    OutgoingRequest call = waiting.remove(opaque);
    if (call != null) {
      admitted.decrementAndGet();
      if (call.answer != null) {
        call.answer.complete(answer);
      }
    }
  }

  boolean isWaitingFor(int opaque) {
    return waiting.containsKey(opaque);
  }

  void failAll(Reason reason, String why) {
    List<OutgoingRequest> all = new ArrayList<>(waiting.values());
    waiting.clear();
    for (OutgoingRequest call : all) {
      admitted.decrementAndGet();
      call.fail(reason, why);
    }
  }

  private void sweepAt(long nanos) {
    if (sweepAtNanos == Long.MAX_VALUE || nanos - sweepAtNanos < 0) {
      sweepAtNanos = nanos;
      loop.schedule(() -> sweep(nanos), nanos - loop.nanoTime());
    }
  }

  /** Fails what is overdue and has itself called again for the earliest of the rest. */
  private void sweep(long dueNanos) {
    if (dueNanos != sweepAtNanos) {
      return; // a nearer deadline came in between, and its sweep looked at all
    }
    sweepAtNanos = Long.MAX_VALUE;
    long now = loop.nanoTime();
    List<OutgoingRequest> overdue = new ArrayList<>();
    long earliest = Long.MAX_VALUE;
    boolean more = false;
    for (OutgoingRequest call : waiting.values()) {
      if (call.deadlineNanos - now <= 0) {
        overdue.add(call);
      } else if (!more || call.deadlineNanos - earliest < 0) {
        earliest = call.deadlineNanos;
        more = true;
      }
    }
    if (more) {
      sweepAt(earliest);
    }
    for (OutgoingRequest call : overdue) {
      waiting.remove(call.opaque);
      admitted.decrementAndGet();
      call.fail(Reason.TIMED_OUT, "no answer in time");
      onMissed.accept(call.askedNanos);
    }
  }
}
