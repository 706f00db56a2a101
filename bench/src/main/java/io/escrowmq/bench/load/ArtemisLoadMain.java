package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;

/**
 * The load generator's process for Artemis, with its core client; {@link Conversation} says how it is talked to, {@link LoadMain}
 * lists the commands, of which there is no {@code fill} here. Arguments: HOST:PORT of the broker.
 */
final class ArtemisLoadMain {
  private final ArtemisQueues queues;
  private Load prepared = Load.NONE;

  private ArtemisLoadMain(ArtemisQueues queues) {
    this.queues = queues;
  }

  public static void main(String[] arguments) throws Exception {
    ArtemisLoadMain main = new ArtemisLoadMain(new ArtemisQueues("tcp://" + arguments[0]));
    Conversation.serve(main::answer);
  }

  private String answer(String word, Arguments given) throws Exception {
    return switch (word) {
      case "probe" -> queues.probe(given.text("topic"), given.atMost());
      case "topic" -> queues.create(given.text("topic"), (int) given.number("queues"));
      case "prepare" -> {
        prepared = load(Mode.named(given.text("mode")));
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
      default -> throw new IllegalArgumentException("no command " + word);
    };
  }

  private Load load(Mode mode) {
    if (mode.kind() != Mode.Kind.TRANSACTION) {
      throw new IllegalArgumentException("no load " + mode + " for Artemis");
    }
    return new ArtemisTransactions(queues, mode.width());
  }
}
