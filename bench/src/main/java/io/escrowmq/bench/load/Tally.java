package io.escrowmq.bench.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** Counts acknowledgements, latencies and log positions while a load runs. Any thread. */
final class Tally {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
  private static final int POSITION_DIGITS = 16;

  private final LongAdder messages = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
  private final LongAccumulator lowest = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator highest = new LongAccumulator(Math::max, -1);
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
  private final AtomicBoolean failureShown = new AtomicBoolean();

  void acknowledged(int count, long sinceNanos, @Nullable String messageId) {
    long now = System.nanoTime();
    latency(now - sinceNanos);
    messages.add(count);
    lastNanos.accumulateAndGet(now, Math::max);
    long position = positionIn(messageId);
    if (position >= 0) {
      lowest.accumulate(position);
      highest.accumulate(position);
    }
  }

  void latency(long nanos) {
    micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos))));
  }

  void failed(int count, Throwable cause) {
    failures.add(count);
    if (failureShown.compareAndSet(false, true)) {
      System.err.println("first failure: " + cause);
    }
  }

  long messages() {
    return messages.sum();
  }

  /** The highest position that an acknowledgement named; -1 before the first. */
  long highestPosition() {
    return highest.get();
  }

  /** {@code perAcknowledgement}: messages that one acknowledgement stands for. */
  Figures figures(long startNanos, int perAcknowledgement) {
    long between = messages.sum() - perAcknowledgement;
    double logBytes = between > 0 && highest.get() > lowest.get()
        ? (double) (highest.get() - lowest.get()) / between
        : 0;
    return new Figures(
        messages.sum(),
        failures.sum(),
        lastNanos.get() - startNanos,
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(99),
        micros.getValueAtPercentile(99.9),
        micros.getMaxValue(),
        highest.get(),
        logBytes);
  }

  /**
   * A broker's message id ends in the position of the message in its log, 16 hexadecimal digits; a batch is answered with
   * several ids, of which the last counts. -1 when the id is of another kind.
   */
  static long positionIn(@Nullable String messageId) {
    if (messageId == null || messageId.length() < 2 * POSITION_DIGITS) {
      return -1;
    }
    try {
      return Long.parseLong(messageId.substring(messageId.length() - POSITION_DIGITS), 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Counts one message that was sent without waiting, and gives its place in the window back. */
  record CountingOutcome(Tally tally, long sinceNanos, Semaphore free) implements Target.Outcome {
    @Override
    public void acknowledged(@Nullable String messageId) {
      tally.acknowledged(1, sinceNanos, messageId);
      free.release();
    }

    @Override
    public void failed(Throwable cause) {
      tally.failed(1, cause);
      free.release();
    }
  }
}
