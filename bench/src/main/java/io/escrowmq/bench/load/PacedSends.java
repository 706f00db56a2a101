package io.escrowmq.bench.load;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.jspecify.annotations.Nullable;

/**
 * Messages sent at an even pace and consumed at the same time. Each carries the moment at which it was <em>due</em>, so that a
 * stall counts for every message that it held up, not only for the one that met it.
 */
final class PacedSends implements Load {
  // beyond this the pace is given up: the broker does not follow, and the latency says so
  private static final int AT_MOST_UNACKNOWLEDGED = 4096;
  private static final long TAIL_SECONDS = 10;

  private final Topic topic;
  private final long perSecond;
  private @Nullable DefaultMQPushConsumer consumer;
  // where consumed messages are counted: one tally for the warm-up, one for the measured part
  private volatile Tally current = new Tally();

  PacedSends(Topic topic, long perSecond) {
    this.topic = topic;
    this.perSecond = perSecond;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    consumer = Consumers.start(topic, this::received);
    awaitFirst();
    run(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws Exception {
    try {
      return run(messages, atMost);
    } finally {
      if (consumer != null) {
        consumer.shutdown();
      }
    }
  }

  private Figures run(long messages, Duration atMost) throws InterruptedException {
    Tally consumed = new Tally();
    current = consumed;
    long start = System.nanoTime();
    Tally sent = send(messages, atMost, start);
    Budget tail = new Budget(0, Duration.ofSeconds(TAIL_SECONDS));
    while (consumed.messages() < sent.messages() && !tail.isLate()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    Figures out = sent.figures(start, 1);
    Figures in = consumed.figures(start, 1);
    return new Figures(
        in.messages(),
        out.failures() + (out.messages() - in.messages()),
        in.nanos(),
        in.p50Micros(),
        in.p99Micros(),
        in.p999Micros(),
        in.maxMicros(),
        out.highestPosition(),
        out.logBytesPerMessage());
  }

  private void received(MessageExt message) {
    long dueNanos = ByteBuffer.wrap(message.getBody()).getLong();
    current.acknowledged(1, dueNanos, null);
  }

  // A consumer has all its queues when everything that was sent to all of them has arrived.
  private void awaitFirst() throws InterruptedException {
    Tally consumed = new Tally();
    current = consumed;
    long messages = Math.min(perSecond, 500);
    Tally sent = send(messages, Duration.ofSeconds(TAIL_SECONDS), System.nanoTime());
    Budget patience = new Budget(0, Duration.ofSeconds(2 * TAIL_SECONDS));
    while (consumed.messages() < sent.messages()) {
      if (patience.isLate()) {
        throw new IllegalStateException(
            "consumed " + consumed.messages() + " of " + sent.messages());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private Tally send(long messages, Duration atMost, long startNanos) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    Semaphore free = new Semaphore(AT_MOST_UNACKNOWLEDGED);
    long nanosBetween = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long dueNanos = startNanos;
    while (budget.take(1)) {
      while (System.nanoTime() - dueNanos < 0) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      free.acquire();
      send(dueNanos, tally, free);
      dueNanos += nanosBetween;
    }
    if (!free.tryAcquire(AT_MOST_UNACKNOWLEDGED, TAIL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("acknowledgements missing at the end");
    }
    return tally;
  }

  private void send(long dueNanos, Tally tally, Semaphore free) throws InterruptedException {
    byte[] body = new byte[Topic.BODY_BYTES];
    ByteBuffer.wrap(body).putLong(dueNanos);
    try {
      topic.producer().send(topic.message(body), new SendCallback() {
        @Override
        public void onSuccess(SendResult result) {
          tally.acknowledged(1, dueNanos, result.getOffsetMsgId());
          free.release();
        }

        @Override
        public void onException(Throwable cause) {
          tally.failed(1, cause);
          free.release();
        }
      });
    } catch (MQClientException | RemotingException e) {
      tally.failed(1, e);
      free.release();
    }
  }
}
