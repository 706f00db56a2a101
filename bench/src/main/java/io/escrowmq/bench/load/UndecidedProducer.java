package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * The unmodified {@link TransactionMQProducer}, which answers every check-back with "unknown" and notes how late the first one
 * of each transaction was. Any thread.
 */
final class UndecidedProducer {
  private final TransactionMQProducer producer;
  private final ThreadPoolExecutor answering = new ThreadPoolExecutor(
      1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), UndecidedProducer::daemon);
  private final long firstCheckMillis;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final LongAdder checks = new LongAdder();
  private final LongAdder early = new LongAdder();
  private final Tally lateness = new Tally();
  private volatile long lastNanos = System.nanoTime();

  /** {@code firstCheck}: after a half-message was recorded, its first check is due. */
  UndecidedProducer(Topic topic, String group, Duration firstCheck) {
    this.firstCheckMillis = firstCheck.toMillis();
    this.producer = new TransactionMQProducer(group, List.of(topic.name()));
    producer.setNamesrvAddr(topic.namesrv());
    producer.setTransactionListener(new UnknownListener());
    // the client's own queue takes 2,000 checks and refuses more
    producer.setExecutorService(answering);
  }

  void start() throws MQClientException {
    producer.start();
  }

  void end() {
    producer.shutdown();
    answering.shutdown();
  }

  /** One line of {@code key=value}: checks, transactions asked about, and the lateness of first checks in milliseconds. */
  String line() {
    Figures late = lateness.figures(0, 1);
    return "checks=%d transactions=%d early=%d p50=%d p99=%d max=%d quiet=%d"
        .formatted(
            checks.sum(),
            asked.size(),
            early.sum(),
            TimeUnit.MICROSECONDS.toMillis(late.p50Micros()),
            TimeUnit.MICROSECONDS.toMillis(late.p99Micros()),
            TimeUnit.MICROSECONDS.toMillis(late.maxMicros()),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "answers-to-checks");
    thread.setDaemon(true);
    return thread;
  }

  private final class UnknownListener implements TransactionListener {
    @Override
    public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
      throw new IllegalStateException("this producer runs no transactions");
    }

    @Override
    public LocalTransactionState checkLocalTransaction(MessageExt message) {
      long lateMillis = System.currentTimeMillis() - message.getStoreTimestamp() - firstCheckMillis;
      lastNanos = System.nanoTime();
      checks.increment();
      if (asked.add(message.getTransactionId())) {
        if (lateMillis < 0) {
          early.increment();
        }
        lateness.latency(TimeUnit.MILLISECONDS.toNanos(lateMillis));
      }
      return LocalTransactionState.UNKNOW;
    }
  }
}
