package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/**
 * The load generator's process for the RocketMQ protocol; {@link Conversation} says how it is talked to. Arguments: the name
 * server's address.
 *
 * <pre>
 * probe     topic seconds                      sends until the first acknowledgement
 * topic     topic queues                       creates the topic and waits for its route
 * prepare   mode topic messages backlog seconds
 * measure   messages seconds
 * aftermath seconds                            what became of the transactions that were measured
 * end                                          of the load that was prepared
 * fill      topic bytes seconds                batches until the log has reached this position
 * </pre>
 */
final class LoadMain {
  private final Topics topics;
  private Load prepared = Load.NONE;

  private LoadMain(Topics topics) {
    this.topics = topics;
  }

  public static void main(String[] arguments) throws Exception {
    DefaultMQProducer producer = new DefaultMQProducer("bench-load");
    producer.setNamesrvAddr(arguments[0]);
    producer.start();
    LoadMain main = new LoadMain(new Topics(producer, arguments[0]));
    Conversation.serve(main::answer);
  }

  private String answer(String word, Arguments given) throws Exception {
    return switch (word) {
      case "probe" -> topics.named(given.text("topic")).probe(given.atMost());
      case "topic" -> topics.create(given.text("topic"), (int) given.number("queues"));
      case "prepare" -> {
        prepared = load(
            Mode.named(given.text("mode")),
            topics.named(given.text("topic")),
            given.number("backlog"));
        prepared.prepare(given.number("messages"), given.atMost());
        yield "ok";
      }
      case "measure" ->
        prepared.measure(given.number("messages"), given.atMost()).line();
      case "aftermath" -> prepared.aftermath(given.atMost()).line();
      case "end" -> {
        prepared.end();
        prepared = Load.NONE;
        yield "ok";
      }
      case "fill" -> fill(given);
      default -> throw new IllegalArgumentException("no command " + word);
    };
  }

  private String fill(Arguments given) throws InterruptedException {
    return new BatchSends(topics.named(given.text("topic")), 32)
        .measure(Long.MAX_VALUE, given.atMost(), given.number("bytes"))
        .line();
  }

  private static Load load(Mode mode, Topic topic, long backlog) {
    Topic warmTopic = topic.named(topic.name() + Topics.WARM);
    return switch (mode.kind()) {
      case SYNC_SEND -> new SyncSends(topic, mode.width());
      case ASYNC_SEND -> new AsyncSends(topic, mode.width());
      case BATCH_SEND -> new BatchSends(topic, mode.width());
      case DRAIN -> new Drain(topic, warmTopic, backlog);
      case PACED -> new PacedSends(topic, mode.width());
      case TRANSACTION -> new TransactionSends(topic, warmTopic, mode.width());
      case RESTART -> throw new IllegalArgumentException(mode + " is no load");
    };
  }
}
