package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.remoting.exception.RemotingException;

/**
 * The load generator's process. Reads one command a line ({@code WORD key=value ...}) and answers each with one line that
 * begins with {@code @}; ends with its standard input. Arguments: the name server's address.
 *
 * <pre>
 * probe   topic seconds                      sends until the first acknowledgement
 * topic   topic queues                       creates the topic and waits for its route
 * prepare mode topic messages backlog seconds
 * measure messages seconds
 * fill    topic bytes seconds                batches until the log has reached this position
 * </pre>
 */
final class LoadMain {
  private static final int PROBE_TIMEOUT_MILLIS = 1000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final DefaultMQProducer producer;
  private final String namesrv;
  private Load prepared = unprepared();

  private LoadMain(DefaultMQProducer producer, String namesrv) {
    this.producer = producer;
    this.namesrv = namesrv;
  }

  public static void main(String[] arguments) throws Exception {
    DefaultMQProducer producer = new DefaultMQProducer("bench-load");
    producer.setNamesrvAddr(arguments[0]);
    producer.start();
    LoadMain main = new LoadMain(producer, arguments[0]);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("@ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(main.answer(line));
    }
    // the client's threads are not all daemons, and with the input gone nobody waits for a goodbye
    System.exit(0);
  }

  private String answer(String line) {
    try {
      String[] words = line.split(" ", -1);
      Map<String, String> values = new HashMap<>();
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
      }
      return "@" + run(words[0], new Arguments(values));
    } catch (Exception e) {
      e.printStackTrace();
      return "@failed " + e;
    }
  }

  private String run(String word, Arguments given) throws Exception {
    return switch (word) {
      case "probe" -> probe(topic(given), given.atMost());
      case "topic" -> create(topic(given), given.number("queues"));
      case "prepare" -> {
        prepared = load(Mode.named(given.text("mode")), topic(given), given.number("backlog"));
        prepared.prepare(given.number("messages"), given.atMost());
        yield "ok";
      }
      case "measure" ->
        prepared.measure(given.number("messages"), given.atMost()).line();
      case "fill" ->
        new BatchSends(topic(given), 32)
            .measure(Long.MAX_VALUE, given.atMost(), given.number("bytes"))
            .line();
      default -> throw new IllegalArgumentException("no command " + word);
    };
  }

  private static Load load(Mode mode, Topic topic, long backlog) {
    return switch (mode.kind()) {
      case SYNC_SEND -> new SyncSends(topic, mode.width());
      case ASYNC_SEND -> new AsyncSends(topic, mode.width());
      case BATCH_SEND -> new BatchSends(topic, mode.width());
      case DRAIN -> new Drain(topic, topic.named(topic.name() + "-warm"), backlog);
      case PACED -> new PacedSends(topic, mode.width());
      case RESTART -> throw new IllegalArgumentException(mode + " is no load");
    };
  }

  private static String probe(Topic topic, Duration atMost) throws InterruptedException {
    Budget patience = new Budget(0, atMost);
    while (!patience.isLate()) {
      if (isAcknowledged(topic)) {
        return "acknowledged";
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return "failed no acknowledgement in " + atMost;
  }

  // Refusals are what a probe expects until the broker is there. The client says
  // IllegalStateException while it does not
  // reach a name server.
  private static boolean isAcknowledged(Topic topic) throws InterruptedException {
    try {
      return topic.producer().send(topic.message(), PROBE_TIMEOUT_MILLIS).getSendStatus()
          == SendStatus.SEND_OK;
    } catch (MQClientException | MQBrokerException | RemotingException | IllegalStateException e) {
      return false;
    }
  }

  // Deprecated in favour of the admin tools, which would bring a second client into this process.
  @SuppressWarnings("deprecation")
  private String create(Topic topic, long queues) throws Exception {
    for (String name : new String[] {topic.name(), topic.name() + "-warm"}) {
      producer.createTopic("TBW102", name, (int) queues, Map.of());
      awaitRoute(name, queues);
    }
    return "ok";
  }

  private void awaitRoute(String name, long queues) throws IOException {
    Budget patience = new Budget(0, Duration.ofSeconds(30));
    while (!hasRoute(name, queues)) {
      if (patience.isLate()) {
        throw new IOException("no route of " + queues + " queues to " + name + " in 30 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean hasRoute(String name, long queues) {
    try {
      return producer.fetchPublishMessageQueues(name).size() == queues;
    } catch (MQClientException e) {
      return false;
    }
  }

  private Topic topic(Arguments given) {
    return new Topic(producer, namesrv, given.text("topic"));
  }

  private static Load unprepared() {
    return new Load() {
      @Override
      public void prepare(long messages, Duration atMost) {}

      @Override
      public Figures measure(long messages, Duration atMost) {
        throw new IllegalStateException("measure before prepare");
      }
    };
  }

  private record Arguments(Map<String, String> values) {
    String text(String key) {
      String value = values.get(key);
      if (value == null) {
        throw new IllegalArgumentException("missing " + key);
      }
      return value;
    }

    long number(String key) {
      return Long.parseLong(text(key));
    }

    Duration atMost() {
      return Duration.ofSeconds(number("seconds"));
    }
  }
}
