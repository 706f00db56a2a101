package io.escrowmq.bench.load;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of one message with EscrowMQ's own client and a listener: half-message, a local transaction that does nothing,
 * and a commit that the broker has confirmed. All sessions share one producer.
 */
final class ListenedSessions implements Sessions {
  private final TransactionalProducer producer;
  private final String topic;

  ListenedSessions(EscrowClient client, String topic) {
    this.producer =
        client.transactionalProducer("bench-" + topic, new Committing()).build();
    this.topic = topic;
  }

  @Override
  public Session open() {
    return this::run;
  }

  /** The client has no question for it; each commit was confirmed. */
  @Override
  public long visible() {
    return -1;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void run() {
    TransactionReceipt receipt = producer.send(Message.to(topic).body(Target.BODY), null);
    if (!receipt.confirmed()) {
      throw new IllegalStateException("the commit is not confirmed: " + receipt);
    }
  }

  private static final class Committing implements TransactionListener {
    @Override
    public TransactionOutcome execute(
        Message message, String messageId, @Nullable Object argument) {
      return TransactionOutcome.COMMIT;
    }

    @Override
    public TransactionOutcome check(HalfMessage message) {
      return TransactionOutcome.COMMIT;
    }
  }
}
