package io.escrowmq.bench.load;

import java.time.Duration;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingException;

/** Four threads that each send one batch and wait for its acknowledgement. Latency is that of a batch. */
final class BatchSends implements Load {
  private static final int THREADS = 4;

  private final Topic topic;
  private final int size;

  BatchSends(Topic topic, int size) {
    this.topic = topic;
    this.size = size;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws InterruptedException {
    measure(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    return measure(messages, atMost, Long.MAX_VALUE);
  }

  /** Ends as well as soon as the broker's log has reached this position. */
  Figures measure(long messages, Duration atMost, long untilPosition) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    long start = System.nanoTime();
    Workers.run(THREADS, () -> {
      while (tally.highestPosition() < untilPosition && budget.take(size)) {
        send(tally);
      }
    });
    return tally.figures(start, size);
  }

  private void send(Tally tally) {
    long since = System.nanoTime();
    try {
      tally.acknowledged(size, since, topic.producer().send(topic.batch(size)).getOffsetMsgId());
    } catch (MQClientException | MQBrokerException | RemotingException e) {
      tally.failed(size, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
