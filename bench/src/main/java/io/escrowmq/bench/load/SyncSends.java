package io.escrowmq.bench.load;

import java.time.Duration;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingException;

/** Threads that each send one message and wait for its acknowledgement. */
final class SyncSends implements Load {
  private final Topic topic;
  private final int threads;

  SyncSends(Topic topic, int threads) {
    this.topic = topic;
    this.threads = threads;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws InterruptedException {
    measure(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    long start = System.nanoTime();
    Workers.run(threads, () -> send(budget, tally));
    return tally.figures(start, 1);
  }

  private void send(Budget budget, Tally tally) {
    while (budget.take(1)) {
      long since = System.nanoTime();
      try {
        tally.acknowledged(1, since, topic.producer().send(topic.message()).getOffsetMsgId());
      } catch (MQClientException | MQBrokerException | RemotingException e) {
        tally.failed(1, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
