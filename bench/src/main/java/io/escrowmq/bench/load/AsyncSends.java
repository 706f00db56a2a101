package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.remoting.exception.RemotingException;

/** One thread that keeps a window of unacknowledged messages full. */
final class AsyncSends implements Load {
  private static final long CLIENT_TIMEOUT_SECONDS = 15;

  private final Topic topic;
  private final int window;
  private final Supplier<Message> messages;

  AsyncSends(Topic topic, int window) {
    this(topic, window, topic::message);
  }

  /** Sends these messages; they may take their time, which is not counted as latency. */
  AsyncSends(Topic topic, int window, Supplier<Message> messages) {
    this.topic = topic;
    this.window = window;
    this.messages = messages;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws InterruptedException {
    measure(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    Semaphore free = new Semaphore(window);
    long start = System.nanoTime();
    while (budget.take(1)) {
      if (!free.tryAcquire(CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "no acknowledgement and no failure for " + CLIENT_TIMEOUT_SECONDS + " s");
      }
      send(tally, free);
    }
    if (!free.tryAcquire(window, CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("acknowledgements missing at the end");
    }
    return tally.figures(start, 1);
  }

  private void send(Tally tally, Semaphore free) throws InterruptedException {
    Message message = messages.get();
    long since = System.nanoTime();
    try {
      topic.producer().send(message, new SendCallback() {
        @Override
        public void onSuccess(SendResult result) {
          tally.acknowledged(1, since, result.getOffsetMsgId());
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
