package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;

/** The load generator's process for Artemis, with its core client, which {@link Commands} drive. Arguments: HOST:PORT. */
final class ArtemisLoadMain implements Driver {
  private final ArtemisQueues queues;

  private ArtemisLoadMain(ArtemisQueues queues) {
    this.queues = queues;
  }

  public static void main(String[] arguments) throws Exception {
    ArtemisLoadMain main = new ArtemisLoadMain(new ArtemisQueues("tcp://" + arguments[0]));
    Conversation.serve(new Commands(main)::answer);
  }

  @Override
  public void probe(String topic) throws Exception {
    queues.probe(topic);
  }

  @Override
  public void create(String topic, int count) throws Exception {
    queues.create(topic, count);
  }

  @Override
  public Load load(Mode mode, String topic, long backlog) {
    if (mode.kind() != Mode.Kind.TRANSACTION) {
      throw new IllegalArgumentException("no load " + mode + " for Artemis");
    }
    return new WholeTransactions(new ArtemisSessions(queues), mode.width(), 1);
  }
}
