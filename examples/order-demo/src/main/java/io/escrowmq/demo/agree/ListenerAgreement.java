package io.escrowmq.demo.agree;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The listener, as RocketMQ has it, written with care: the business work is done first, in an open
 * transaction; then the half-message is stored; then the listener writes the outcome under the
 * message's id and commits. One message a transaction. Any thread.
 *
 * <p>A check may come between the half-message and the row. It then puts its tombstone where the row
 * would go, so the commit that comes late fails.
 */
final class ListenerAgreement implements Agreement, TransactionListener {

  private final TransactionalProducer producer;
  private final DataSource dataSource;
  private final ListenedOutcomes outcomes;
  private final Probe probe;

  ListenerAgreement(EscrowClient client, String group, DataSource dataSource, Probe probe)
      throws SQLException {
    this.dataSource = dataSource;
    this.outcomes = new ListenedOutcomes(dataSource);
    this.probe = probe;
    outcomes.create();
    this.producer = client.transactionalProducer(group, this).build();
  }

  /** What the listener works on; its end is the local transaction's. */
  private static final class Local {

    private final Connection connection;
    private @Nullable SQLException failure;

    private Local(Connection connection) {
      this.connection = connection;
    }
  }

  @Override
  public void inTransaction(Step step) throws Exception {
    List<Message> messages = new ArrayList<>();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        step.run(connection, messages::add);
        if (messages.size() != 1) {
          throw new IllegalStateException(
              "a listener's transaction has one message, not " + messages.size());
        }
        send(messages.get(0), new Local(connection));
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    probe.pass(Point.TOLD);
  }

  private void send(Message message, Local local) throws SQLException {
    TransactionReceipt receipt = producer.send(message, local);
    SQLException failure = local.failure;
    if (receipt.outcome() == TransactionOutcome.UNKNOWN && failure != null) {
      throw new AmbiguousException("the commit was not confirmed", failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public TransactionOutcome execute(Message message, String messageId, @Nullable Object argument) {
    if (!(argument instanceof Local local)) {
      throw new IllegalArgumentException("not a transaction of this listener: " + argument);
    }
    boolean committing = false;
    try {
      outcomes.insert(local.connection, messageId, TransactionOutcome.COMMIT);
      committing = true;
      local.connection.commit();
      return TransactionOutcome.COMMIT;
    } catch (SQLException e) {
      local.failure = e;
      return committing ? TransactionOutcome.UNKNOWN : TransactionOutcome.ROLLBACK;
    }
  }

  @Override
  public TransactionOutcome check(HalfMessage message) {
    return outcomes.find(message.messageId());
  }

  @Override
  public void close() {
    producer.close();
  }
}
