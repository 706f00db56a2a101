package io.escrowmq.demo.agree;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The listener, as RocketMQ has it, written with care: the business work is done first, in an open
 * transaction; then the half-message is stored; then the listener writes the outcome under the
 * message's id and commits. Any thread.
 *
 * <p>A check may come between the half-message and the row. It then puts its tombstone where the row
 * would go, so the commit that comes late fails.
 *
 * <p>A listener knows one message. Several are sent from within each other's listeners; the innermost
 * commits the rows of all together, so checks of all find the same.
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

  /** One local transaction. Owner: the thread that runs it. */
  private static final class Local {

    private final Connection connection;
    private final Deque<Message> unsent;
    private @Nullable TransactionOutcome outcome; // once it has ended
    private @Nullable SQLException failure;

    private Local(Connection connection, List<Message> messages) {
      this.connection = connection;
      this.unsent = new ArrayDeque<>(messages);
    }
  }

  @Override
  public void inTransaction(Step step) throws Exception {
    List<Message> messages = new ArrayList<>();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        step.run(connection, messages::add);
        send(new Local(connection, messages));
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    probe.pass(Point.TOLD);
  }

  private void send(Local local) throws SQLException {
    producer.send(local.unsent.remove(), local);
    SQLException failure = local.failure;
    if (local.outcome == TransactionOutcome.UNKNOWN && failure != null) {
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
    try {
      outcomes.insert(local.connection, messageId, TransactionOutcome.COMMIT);
    } catch (SQLException e) {
      local.failure = e;
      local.outcome = TransactionOutcome.ROLLBACK;
    }
    if (local.outcome == null && !local.unsent.isEmpty()) {
      producer.send(local.unsent.remove(), local);
    }
    if (local.outcome == null) {
      local.outcome = commit(local);
    }
    return local.outcome;
  }

  private static TransactionOutcome commit(Local local) {
    try {
      local.connection.commit();
      return TransactionOutcome.COMMIT;
    } catch (SQLException e) {
      local.failure = e;
      return TransactionOutcome.UNKNOWN;
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
