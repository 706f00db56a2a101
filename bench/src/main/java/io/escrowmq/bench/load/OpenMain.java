package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The process that opens transactions and leaves them open; {@link Conversation} says how it is talked to. Arguments: the name
 * server's address.
 *
 * <pre>
 * probe  topic seconds                          sends until the first acknowledgement
 * topic  topic queues                           creates the topic and waits for its route
 * open   topic group count body persecond seconds   half-messages; persecond 0: as fast as it goes
 * listen topic group firstcheck                 a producer that answers checks with "unknown"; due so many ms after the record
 * checks                                        what it was asked
 * end                                           stops it
 * </pre>
 */
final class OpenMain {
  private static final int WINDOW = 256;

  private final Topics topics;
  private @Nullable UndecidedProducer listening;

  private OpenMain(Topics topics) {
    this.topics = topics;
  }

  public static void main(String[] arguments) throws Exception {
    DefaultMQProducer producer = new DefaultMQProducer("bench-open");
    producer.setNamesrvAddr(arguments[0]);
    producer.start();
    OpenMain main = new OpenMain(new Topics(producer, arguments[0]));
    Conversation.serve(main::answer);
  }

  private String answer(String word, Arguments given) throws Exception {
    return switch (word) {
      case "probe" -> Commands.probe(topics.named(given.text("topic"))::probe, given.atMost());
      case "topic" -> {
        topics.create(given.text("topic"), (int) given.number("queues"));
        yield "ok";
      }
      case "open" -> open(given);
      case "listen" -> listen(given);
      case "checks" -> listening().line();
      case "end" -> {
        listening().end();
        listening = null;
        yield "ok";
      }
      default -> throw new IllegalArgumentException("no command " + word);
    };
  }

  private String open(Arguments given) throws InterruptedException {
    HalfMessages halves = new HalfMessages(
        given.text("topic"),
        given.text("group"),
        (int) given.number("body"),
        given.number("persecond"));
    Topic topic = topics.named(given.text("topic"));
    Supplier<AsyncSends.AsyncSend> sends = () -> {
      Message half = halves.get();
      return outcome -> topic.sendAsync(half, outcome);
    };
    return new AsyncSends(WINDOW, sends)
        .measure(given.number("count"), given.atMost())
        .line();
  }

  private String listen(Arguments given) throws MQClientException {
    listening = new UndecidedProducer(
        topics.named(given.text("topic")),
        given.text("group"),
        Duration.ofMillis(given.number("firstcheck")));
    listening.start();
    return "ok";
  }

  private UndecidedProducer listening() {
    if (listening == null) {
      throw new IllegalStateException("listen first");
    }
    return listening;
  }
}
