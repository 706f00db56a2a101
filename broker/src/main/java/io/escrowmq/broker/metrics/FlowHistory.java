package io.escrowmq.broker.metrics;

import io.escrowmq.remoting.body.BrokerStats;
import java.util.function.ToLongFunction;

/** What one flow carried in the last minute, hour and day. Guarded by whoever owns it. */
final class FlowHistory {

  private static final long MINUTE_STEP_MILLIS = 10_000;
  private static final long HOUR_STEP_MILLIS = 600_000;
  private static final long DAY_STEP_MILLIS = 3_600_000;

  /** What a flow had carried at a time. */
  private record Sample(long millis, long messages, long bytes, long times) {

    static Sample of(Flow flow, long millis) {
      return new Sample(millis, flow.messages(), flow.bytes(), flow.times());
    }
  }

  /** Samples at even distances; the oldest lies one length of time back, or at the beginning. */
  private static final class Window {

    private final long stepMillis;
    private final Sample[] samples;
    private int newest;
    private int size = 1;

    Window(int steps, long stepMillis, Sample first) {
      this.stepMillis = stepMillis;
      this.samples = new Sample[steps + 1];
      samples[0] = first;
    }

    void offer(Sample sample) {
      if (sample.millis() - samples[newest].millis() >= stepMillis) {
        newest = (newest + 1) % samples.length;
        samples[newest] = sample;
        size = Math.min(size + 1, samples.length);
      }
    }

    Sample oldest() {
      return size < samples.length ? samples[0] : samples[(newest + 1) % samples.length];
    }

    boolean isFull() {
      return size == samples.length;
    }
  }

  private final Flow flow;
  private final Window minute;
  private final Window hour;
  private final Window day;

  /**
   * @param sinceMillis when the flow had carried nothing yet
   */
  FlowHistory(Flow flow, long sinceMillis) {
    this.flow = flow;
    Sample first = new Sample(sinceMillis, 0, 0, 0);
    minute = new Window(6, MINUTE_STEP_MILLIS, first);
    hour = new Window(6, HOUR_STEP_MILLIS, first);
    day = new Window(24, DAY_STEP_MILLIS, first);
  }

  /** Whether this is its flow, and not a later one of the same name. */
  boolean isOf(Flow other) {
    return flow == other;
  }

  /** Call it every ten seconds. */
  void sample(long nowMillis) {
    Sample sample = Sample.of(flow, nowMillis);
    minute.offer(sample);
    hour.offer(sample);
    day.offer(sample);
  }

  BrokerStats messages(long nowMillis) {
    return stats(nowMillis, Sample::messages);
  }

  BrokerStats bytes(long nowMillis) {
    return stats(nowMillis, Sample::bytes);
  }

  double messagesPerSecond(long nowMillis) {
    return span(minute, Sample.of(flow, nowMillis), Sample::messages).tps();
  }

  /** Nothing came for a whole day. */
  boolean isIdle() {
    return day.isFull() && day.oldest().times() == flow.times();
  }

  private BrokerStats stats(long nowMillis, ToLongFunction<Sample> what) {
    Sample now = Sample.of(flow, nowMillis);
    return new BrokerStats(span(minute, now, what), span(hour, now, what), span(day, now, what));
  }

  private static BrokerStats.Span span(Window window, Sample now, ToLongFunction<Sample> what) {
    Sample then = window.oldest();
    long sum = what.applyAsLong(now) - what.applyAsLong(then);
    long times = now.times() - then.times();
    long millis = now.millis() - then.millis();
    return new BrokerStats.Span(
        sum, millis <= 0 ? 0 : sum * 1000.0 / millis, times == 0 ? 0 : (double) sum / times);
  }
}
