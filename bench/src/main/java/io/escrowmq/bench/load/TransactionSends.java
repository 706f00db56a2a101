package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.TransactionSendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.exception.RemotingException;

/**
 * Threads that each run one transaction after the other with the unmodified {@link TransactionMQProducer}; the local
 * transaction does nothing and says "commit". The latency is that of the half-message: until the local transaction is called.
 *
 * <p>Until the aftermath is over every check-back is answered with "unknown", so that a commit which the broker lost is not
 * found again by it and is missing from the topic's queues; then with "commit", so that the broker comes to rest.
 */
final class TransactionSends implements Load {
  private static final Duration VISIBLE_AT_MOST = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int FIRST_PER_THREAD = 4;

  private final Topic topic;
  private final Topic warmTopic;
  private final int threads;
  private final TransactionMQProducer producer;
  private final LongAdder checks = new LongAdder();
  private volatile LocalTransactionState whenChecked = LocalTransactionState.UNKNOW;
  // one of each for the warm-up, one for the measured part
  private volatile Tally halves = new Tally();
  private volatile Tally calls = new Tally();
  private long visibleBefore;
  private long positionBefore;
  private long checksBefore;

  TransactionSends(Topic topic, Topic warmTopic, int threads) {
    this.topic = topic;
    this.warmTopic = warmTopic;
    this.threads = threads;
    this.producer =
        new TransactionMQProducer("bench-" + topic.name(), List.of(topic.name(), warmTopic.name()));
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    producer.setNamesrvAddr(topic.namesrv());
    producer.setTransactionListener(new CommitListener());
    producer.start();
    run(warmTopic, messages, atMost);
    // the measured topic's queues are made before they are measured
    long visible = topic.visible();
    run(topic, (long) threads * FIRST_PER_THREAD, VISIBLE_AT_MOST);
    awaitVisible(visible + calls.messages(), VISIBLE_AT_MOST);
    visibleBefore = topic.visible();
    positionBefore = warmTopic.logPosition();
    checksBefore = checks.sum();
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    long start = System.nanoTime();
    run(topic, messages, atMost);
    return calls.figures(start, 1).withLatencyOf(halves.figures(start, 1));
  }

  @Override
  public Aftermath aftermath(Duration atMost)
      throws MQClientException, MQBrokerException, RemotingException, InterruptedException {
    long visible = awaitVisible(visibleBefore + calls.messages(), atMost) - visibleBefore;
    long position = warmTopic.logPosition();
    long asked = checks.sum() - checksBefore;
    whenChecked = LocalTransactionState.COMMIT_MESSAGE;
    Figures call = calls.figures(0, 1);
    return new Aftermath(
        visible,
        asked,
        positionBefore < 0 ? 0 : position - positionBefore,
        call.p50Micros(),
        call.p99Micros(),
        call.p999Micros());
  }

  @Override
  public void end() {
    producer.shutdown();
  }

  private void run(Topic to, long messages, Duration atMost) throws InterruptedException {
    halves = new Tally();
    calls = new Tally();
    Budget budget = new Budget(messages, atMost);
    Workers.run(threads, () -> {
      while (budget.take(1)) {
        send(to.message());
      }
    });
  }

  private void send(Message message) {
    long since = System.nanoTime();
    try {
      TransactionSendResult result = producer.sendMessageInTransaction(message, since);
      if (result.getSendStatus() == SendStatus.SEND_OK
          && result.getLocalTransactionState() == LocalTransactionState.COMMIT_MESSAGE) {
        calls.acknowledged(1, since, null);
      } else {
        calls.failed(1, new IllegalStateException("not committed: " + result));
      }
    } catch (MQClientException e) {
      calls.failed(1, e);
    }
  }

  private long awaitVisible(long messages, Duration atMost) throws MQClientException {
    Budget patience = new Budget(0, atMost);
    long visible = topic.visible();
    while (visible < messages && !patience.isLate()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      visible = topic.visible();
    }
    return visible;
  }

  private final class CommitListener implements TransactionListener {
    @Override
    public LocalTransactionState executeLocalTransaction(Message message, Object sinceNanos) {
      halves.latency(System.nanoTime() - (Long) sinceNanos);
      return LocalTransactionState.COMMIT_MESSAGE;
    }

    @Override
    public LocalTransactionState checkLocalTransaction(MessageExt message) {
      checks.increment();
      return whenChecked;
    }
  }
}
