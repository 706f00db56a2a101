package io.escrowmq.bench.load;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionalProducer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of one message with EscrowMQ's own client and a listener: half-message, a local transaction that does nothing,
 * and a commit that the broker confirms; a session has at most one commit that is not confirmed yet. All sessions share one producer.
 */
final class ListenedSessions implements Sessions {
  private final TransactionalProducer producer;
  private final String topic;

  ListenedSessions(EscrowClient client, String topic) {
    this.producer =
        client.transactionalProducer("bench-" + topic, new CommitListener()).build();
    this.topic = topic;
  }

  @Override
  public Session open() {
    return new ListenerSession();
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

  private final class ListenerSession implements Session {
    private CompletionStage<Boolean> before = CompletableFuture.completedFuture(true);

    @Override
    public void run() throws Exception {
      CompletionStage<Boolean> next =
          producer.send(Message.to(topic).body(Target.BODY), null).confirmation();
      if (!before.toCompletableFuture().get()) {
        throw new IllegalStateException("the commit before is not confirmed");
      }
      before = next;
    }
  }

  private static final class CommitListener implements TransactionListener {
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
