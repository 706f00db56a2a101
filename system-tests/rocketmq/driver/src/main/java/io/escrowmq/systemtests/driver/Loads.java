package io.escrowmq.systemtests.driver;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** The loads of this process, by name. */
final class Loads implements LoadDriver {

  private final Map<String, Load> loads = new ConcurrentHashMap<>();

  @Override
  public void startLoad(String load, String nameServers, String topic, int senders, int bodyBytes) {
    Load started = new Load(load, nameServers, topic, senders, bodyBytes);
    loads.put(load, started);
    started.start();
  }

  @Override
  public long acknowledgedCount(String load) {
    return find(load).acknowledgedCount();
  }

  @Override
  public List<LoadReceipt> takeAcknowledged(String load) {
    return find(load).take();
  }

  @Override
  public LoadFigures takeFigures(String load) {
    return find(load).takeFigures();
  }

  @Override
  public void stopLoad(String load) {
    find(load).stop();
    loads.remove(load);
  }

  @Override
  public List<Long> storedNumbers(String load, String brokerName, int queueId, long fromOffset) {
    return find(load).storedNumbers(brokerName, queueId, fromOffset);
  }

  private Load find(String load) {
    return Messages.known(loads.get(load), load);
  }

  /** One load: its senders and what was acknowledged to them. */
  @SuppressWarnings(
      "deprecation") // DefaultMQPullConsumer reads a queue from a given offset, nothing else does
  private static final class Load {

    private static final long PAUSE_AFTER_FAILURE_MILLIS = 20;
    private static final int SEND_TIMEOUT_MILLIS = 2000;

    private final DefaultMQProducer producer;
    private final DefaultMQPullConsumer reader;
    private final String topic;
    private final int senders;
    private final int bodyBytes;
    private final ExecutorService threads;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong acknowledgedCount = new AtomicLong();
    private List<LoadReceipt> acknowledged = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private long longestPause; // nanoseconds between two acknowledgements
    private long latestNanos = System.nanoTime();

    Load(String name, String nameServers, String topic, int senders, int bodyBytes) {
      this.topic = topic;
      this.senders = senders;
      this.bodyBytes = bodyBytes;
      producer = new DefaultMQProducer(name);
      Messages.configure(producer, name + "-producer", nameServers);
      producer.setSendMsgTimeout(SEND_TIMEOUT_MILLIS);
      producer.setRetryTimesWhenSendFailed(0);
      reader = new DefaultMQPullConsumer(name + "-reader");
      Messages.configure(reader, name + "-reader", nameServers);
      threads = Executors.newFixedThreadPool(senders);
    }

    void start() {
      ExceptionTranslator.run(producer::start);
      ExceptionTranslator.run(reader::start);
      for (int i = 0; i < senders; i++) {
        threads.execute(this::sendUntilStopped);
      }
    }

    void stop() {
      stopped.countDown();
      threads.shutdown();
      producer.shutdown();
      reader.shutdown();
    }

    private void sendUntilStopped() {
      try {
        long pauseMillis = 0;
        while (!stopped.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          pauseMillis = sendOne() ? 0 : PAUSE_AFTER_FAILURE_MILLIS;
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean sendOne() {
      long number = numbers.incrementAndGet();
      byte[] body = ByteBuffer.allocate(bodyBytes).putLong(number).array();
      SendResult result;
      try {
        result = ExceptionTranslator.get(() -> producer.send(new Message(topic, body)));
      } catch (DriverException notAcknowledged) {
        failed(notAcknowledged);
        return false;
      }
      if (result.getSendStatus() != SendStatus.SEND_OK) {
        return false;
      }
      synchronized (this) {
        acknowledged.add(new LoadReceipt(
            number,
            result.getMessageQueue().getQueueId(),
            result.getQueueOffset(),
            position(result.getOffsetMsgId())));
        long now = System.nanoTime();
        longestPause = Math.max(longestPause, now - latestNanos);
        latestNanos = now;
      }
      acknowledgedCount.incrementAndGet();
      return true;
    }

    // The broker's id of a message ends with its position in 16 hexadecimal digits.
    private static long position(String id) {
      return Long.parseUnsignedLong(id.substring(id.length() - 16), 16);
    }

    private synchronized void failed(DriverException failure) {
      failures.merge(kind(String.valueOf(failure.getMessage())), 1, Integer::sum);
    }

    // Without what is different each time: addresses, durations, names.
    private static String kind(String message) {
      String first = message.lines().findFirst().orElse("");
      return first.replaceAll("[0-9][0-9.:a-zA-Z]*", "N").strip();
    }

    synchronized LoadFigures takeFigures() {
      LoadFigures figures =
          new LoadFigures(TimeUnit.NANOSECONDS.toMillis(longestPause), new TreeMap<>(failures));
      longestPause = 0;
      failures.clear();
      return figures;
    }

    long acknowledgedCount() {
      return acknowledgedCount.get();
    }

    synchronized List<LoadReceipt> take() {
      List<LoadReceipt> taken = new ArrayList<>(acknowledged);
      acknowledged = new ArrayList<>();
      return taken;
    }

    List<Long> storedNumbers(String brokerName, int queueId, long fromOffset) {
      MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
      List<Long> found = new ArrayList<>();
      long offset = fromOffset;
      while (true) {
        long from = offset;
        PullResult result = ExceptionTranslator.get(() -> reader.pull(queue, "*", from, 32));
        if (result.getPullStatus() != PullStatus.FOUND) {
          return found;
        }
        for (MessageExt message : result.getMsgFoundList()) {
          found.add(ByteBuffer.wrap(message.getBody()).getLong());
        }
        offset = result.getNextBeginOffset();
      }
    }
  }
}
