package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.InFlight;
import io.escrowmq.remoting.message.PropertyNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database transaction with its messages: the row first, then the half-messages, then the commit,
 * then the brokers are told. Owner: the thread that runs it.
 *
 * <p>If the process stops before the commit, the database rolls back, and a check finds no row. If it
 * stops after it, a check finds the row.
 */
public final class TableTransaction implements TransactionMessages, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TableTransaction.class);
  private static final Duration RESOLVE_PAUSE = Duration.ofMillis(200);
  private static final String CONNECTION_TROUBLE = "08"; // class of SQL states
  private static final long ROOM_BESIDES_BODY = 128;

  /**
   * What all transactions of a group share.
   *
   * @param running ids of those that have a row and have not ended; any thread
   */
  record Surroundings(
      ClientParts parts,
      TableSettings settings,
      HalfSender sender,
      Capabilities capabilities,
      BrokerChoice brokers,
      InFlight room,
      Endings endings,
      OutcomeTable table,
      OutcomeCheck check,
      Set<String> running) {}

  private final Surroundings with;
  private final String id;
  private final Connection connection;
  private final boolean autoCommit;
  private final Connection guarded;
  private @Nullable Halves halves; // once there is a message
  private @Nullable TransactionRolledBackException broken; // it can only be rolled back any more
  private boolean ended; // nothing is left to be rolled back

  TableTransaction(Surroundings with, String id, Connection connection) throws SQLException {
    this.with = with;
    this.id = id;
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    this.guarded = GuardedConnection.of(connection);
  }

  /** For the application: it cannot end the transaction with it. */
  public Connection connection() {
    return guarded;
  }

  @Override
  public String transactionId() {
    return id;
  }

  @Override
  public String send(Message message) {
    if (ended) {
      throw new IllegalStateException("the transaction " + id + " has ended");
    }
    if (broken != null) {
      throw broken;
    }
    with.brokers().remember(message.topic());
    Halves sending = halves == null ? begin(message.topic()) : halves;
    long bytes = message.body().length + ROOM_BESIDES_BODY;
    takeRoom(bytes);
    String messageId = with.parts().ids().next();
    sending.send(message, messageId).whenComplete((done, none) -> with.room().release(bytes));
    return messageId;
  }

  /** The row comes before the first half-message, so that no check can find it missing by mistake. */
  private Halves begin(String topic) {
    with.running().add(id);
    try {
      if (!with.table().insert(connection, id, TransactionOutcome.COMMIT)) {
        throw breakWith("its id is in the table " + with.table() + " already", null);
      }
    } catch (SQLException e) {
      throw breakWith("the table " + with.table() + " did not take its id: " + e.getMessage(), e);
    }
    Halves begun = new Halves(
        with.sender(),
        with.capabilities(),
        Map.of(PropertyNames.ESCROW_TRANSACTION, id),
        with.brokers().next(topic));
    halves = begun;
    return begun;
  }

  private TransactionRolledBackException breakWith(String why, @Nullable Throwable cause) {
    broken = rolledBack(why, null, cause);
    return broken;
  }

  private void takeRoom(long bytes) {
    try {
      with.room()
          .take(
              bytes,
              with.parts().timer().nanoTime() + with.settings().sendTimeout().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw breakWith("interrupted before a message could be sent", e);
    } catch (OverloadedException e) {
      throw breakWith("a message was not sent: " + e.getMessage(), e);
    }
  }

  /**
   * Commits, and has brokers be told.
   *
   * @throws TransactionRolledBackException nothing happened
   * @throws OutcomeUnknownException the database cannot be asked
   */
  public void commit() {
    awaitStored();
    if (halves == null) {
      commitAlone();
      return;
    }
    ended = true; // from here on only the table knows how
    try {
      connection.commit();
    } catch (SQLException e) {
      resolve(e);
    }
    end(TransactionOutcome.COMMIT);
  }

  private void commitAlone() {
    try {
      connection.commit();
      ended = true;
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state == null || state.startsWith(CONNECTION_TROUBLE)) {
        ended = true;
        throw new OutcomeUnknownException(
            "the connection broke while the transaction " + id
                + ", which has no messages, committed: " + e.getMessage(),
            id,
            e);
      }
      throw rolledBack("the database refused to commit: " + e.getMessage(), null, e);
    }
  }

  /**
   * Waits until all messages so far are stored.
   *
   * @throws TransactionRolledBackException one of them was not, so it cannot commit any more
   */
  public void awaitStored() {
    if (broken != null) {
      throw broken;
    }
    Halves sent = halves;
    if (sent == null) {
      return;
    }
    try {
      with.parts().waiting().forResultOf(sent.stored());
    } catch (EscrowException e) {
      throw rolledBack("a message was not taken: " + e.getMessage(), e.server(), e);
    }
  }

  /** The commit failed, or only its answer did: asks the table, as a check would. */
  private void resolve(SQLException failure) {
    abandonConnection(failure);
    long deadline =
        with.parts().timer().nanoTime() + with.settings().sendTimeout().toNanos();
    TransactionOutcome outcome = with.check().find(id, true);
    while (outcome == TransactionOutcome.UNKNOWN
        && with.parts().timer().nanoTime() - deadline < 0) {
      CompletableFuture<Void> pause = new CompletableFuture<>();
      with.parts().timer().after(RESOLVE_PAUSE, () -> pause.complete(null));
      with.parts().waiting().forResultOf(pause);
      outcome = with.check().find(id, true);
    }
    switch (outcome) {
      case COMMIT ->
        LOG.info(
            "the transaction {} is committed, though its connection said: {}",
            id,
            failure.getMessage());
      case ROLLBACK -> {
        end(TransactionOutcome.ROLLBACK);
        throw rolledBack("the database did not commit: " + failure.getMessage(), null, failure);
      }
      case UNKNOWN ->
        throw new OutcomeUnknownException(
            "whether the transaction " + id + " is committed cannot be found out now;"
                + " its messages will agree with the database. The commit said: "
                + failure.getMessage(),
            id,
            failure);
    }
  }

  /** So that the server lets go of the row. */
  private void abandonConnection(SQLException failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private TransactionRolledBackException rolledBack(
      String why, @Nullable String server, @Nullable Throwable cause) {
    return new TransactionRolledBackException(
        "the transaction " + id + " is rolled back: " + why, server, cause);
  }

  /** The database's part is over: brokers hear of it as soon as they have answered the sends. */
  private void end(TransactionOutcome outcome) {
    ended = true;
    with.running().remove(id);
    Halves sent = halves;
    if (sent == null) {
      return;
    }
    if (outcome == TransactionOutcome.COMMIT) {
      with.endings().tellInTurn(id, outcome, sent.parts());
    } else {
      sent.ended().thenRun(() -> with.endings().tellNow(id, outcome, sent.parts()));
    }
  }

  /** Rolls back what is not committed; gives the connection back. */
  @Override
  public void close() {
    try (Connection closing = connection) {
      if (!ended) {
        closing.rollback();
        end(TransactionOutcome.ROLLBACK);
      }
      closing.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      LOG.debug("the connection of {} did not end well; it is given up", id, e);
    } finally {
      with.running().remove(id); // what the connection left open, a check finds out
    }
  }
}
