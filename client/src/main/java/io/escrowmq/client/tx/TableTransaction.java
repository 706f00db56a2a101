package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.TransactionSplitException;
import io.escrowmq.runtime.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database transaction with its messages: the row first, then the half-messages, then a look
 * whether the row is still there, then the commit, then the brokers are told. Owner: the
 * thread that has the turn; another one than the one that works may end it.
 *
 * <p>The row is the first statement of the transaction, and its look is the last: what rolls back the
 * transaction in between takes the row away. What may split it begins another {@link Scope}, with a
 * row of its own.
 *
 * <p>If the process stops before the commit, the database rolls back, and a check finds no row. If it
 * stops after it, a check finds the row.
 */
public final class TableTransaction implements TransactionMessages, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TableTransaction.class);
  private static final long ROOM_BESIDES_BODY = 128;

  private final Surroundings with;
  private final String id;
  private final Turns turns;
  private final Connection connection;
  private final LentConnection lent; // the same one
  private final Connection guarded;
  private final Scopes scopes;
  private @Nullable SQLException failure; // the last one that a statement of the work ended with
  private volatile @Nullable TransactionRolledBackException broken; // it can only be rolled back
  private boolean ended; // nothing is left to be rolled back

  TableTransaction(Surroundings with, String id, Connection connection) throws SQLException {
    this.with = with;
    this.id = id;
    this.turns = new Turns(
        "the transaction " + id,
        new Turn(with.cluster().loops(), with.cluster().timer()::nanoTime));
    this.connection = connection;
    this.lent = new LentConnection(connection);
    this.scopes = new Scopes(with, id, connection);
    this.guarded = GuardedConnection.of(connection, new Watch(), turns);
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
    if (!turns.begin(null)) {
      throw new IllegalStateException("the transaction " + id + " has ended");
    }
    try {
      return sendInTurn(message);
    } finally {
      turns.finish();
    }
  }

  private String sendInTurn(Message message) {
    demandUnbroken();
    with.brokers().remember(message.topic());
    Halves sending = sending(message.topic());
    long bytes = message.body().length + ROOM_BESIDES_BODY;
    takeRoom(bytes);
    String messageId = with.ids().next();
    sending.send(message, messageId).whenComplete((done, none) -> with.room().release(bytes));
    return messageId;
  }

  private Halves sending(String topic) {
    if (scopes.isEmpty() || scopes.needAnother()) {
      openScope();
    }
    return scopes.halves(topic);
  }

  private void openScope() {
    try {
      if (!scopes.open()) {
        throw breakWith("its id is in the table " + with.table() + " already", null);
      }
    } catch (SQLException e) {
      throw breakWith(
          "the table " + with.table() + " did not take its id: " + Aborts.reason(e, failure), e);
    }
  }

  private void demandUnbroken() {
    TransactionRolledBackException breaking = broken;
    if (breaking != null) {
      throw breaking;
    }
  }

  private TransactionRolledBackException breakWith(String why, @Nullable Throwable cause) {
    TransactionRolledBackException breaking = rolledBack(why, null, cause);
    broken = breaking;
    return breaking;
  }

  private void takeRoom(long bytes) {
    try {
      with.room()
          .take(
              bytes,
              with.cluster().timer().nanoTime() + with.settings().sendTimeout().toNanos());
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
   * @throws TransactionSplitException a part was committed before, by something else
   * @throws OutcomeUnknownException the database cannot be asked
   */
  public void commit() {
    inTurn(this::commitInTurn);
  }

  /** The work has ended, or is taken for broken: what it still does may not go with the commit. */
  private void inTurn(Runnable ending) {
    if (!turns.take()) {
      throw breakWith("a statement of its work was still running when it was to commit", null);
    }
    try {
      ending.run();
    } finally {
      turns.release();
    }
  }

  private void commitInTurn() {
    try {
      prepareInTurn();
    } catch (TransactionRolledBackException e) {
      rollBackAfter(e);
      throw e;
    }
    ended = true; // from here on only the table knows how
    boolean believed = false;
    SQLException refusal = null;
    try {
      boolean look = with.trust().demandsLook(connection);
      connection.commit();
      believed = !look;
    } catch (SQLException e) {
      refusal = e;
    }
    if (!believed && !scopes.isEmpty()) {
      settle(refusal);
    } else if (refusal != null) { // no statement of the work was in it
      throw rolledBack("the database refused to commit: " + refusal.getMessage(), null, refusal);
    }
    scopes.forEach(scope ->
        tell(scope, scope.isUndone() ? TransactionOutcome.ROLLBACK : TransactionOutcome.COMMIT));
  }

  /**
   * Waits until all messages so far are stored, and looks whether the transaction is still the one
   * that it was. The work has ended: it can neither send nor change anything any more.
   *
   * @throws TransactionRolledBackException it cannot commit any more; {@link #close} rolls it back
   */
  public void prepare() {
    inTurn(this::prepareInTurn);
  }

  private void prepareInTurn() {
    demandUnbroken();
    if (!scopes.isEmpty() && scopes.needAnother()) {
      openScope(); // what was changed since, has a row of its own that tells what became of it
    }
    scopes.live().forEach(this::awaitStored);
    prove();
  }

  private void awaitStored(Scope scope) {
    Halves sent = scope.halves();
    if (sent == null) {
      return;
    }
    try {
      with.cluster().waiting().forResultOf(sent.stored());
    } catch (EscrowException e) {
      throw rolledBack("a message was not taken: " + e.getMessage(), e.server(), e);
    }
  }

  /** Reads the rows, in the transaction that is to commit them. */
  private void prove() {
    if (scopes.isEmpty()) {
      return;
    }
    for (Scope scope : missing()) {
      String what = scopes.isFirst(scope)
          ? "its first row in the table " + with.table() + " is gone"
          : "some of its messages were undone by a savepoint that the client did not see";
      throw rolledBack(
          what + "; something else rolled it back" + Aborts.after(failure), null, failure);
    }
  }

  private List<Scope> missing() {
    try {
      return scopes.missing();
    } catch (SQLException e) {
      throw breakWith(Aborts.reason(e, failure), e);
    }
  }

  /** The commit failed, or its success cannot be believed: asks the table, as a check would. */
  private void settle(@Nullable SQLException refusal) {
    Map<String, TransactionOutcome> found = new Settlement(
            with.check(), with.cluster(), with.settings().sendTimeout())
        .find(connection, () -> lent.giveBack(isInOtherHands()), Scope.names(scopes.live()));
    String said = refusal == null ? "it was committed" : String.valueOf(refusal.getMessage());
    Set<TransactionOutcome> outcomes = EnumSet.copyOf(found.values());
    if (outcomes.contains(TransactionOutcome.UNKNOWN)) {
      throw new OutcomeUnknownException(
          "whether the transaction " + id + " is committed cannot be found out now;"
              + " its messages will agree with the database. The commit said: " + said,
          id,
          refusal);
    }
    if (!outcomes.contains(TransactionOutcome.ROLLBACK)) {
      if (refusal != null) {
        LOG.info("the transaction {} is committed, though its connection said: {}", id, said);
      }
      return;
    }
    scopes.forEach(
        scope -> tell(scope, found.getOrDefault(scope.name(), TransactionOutcome.ROLLBACK)));
    if (outcomes.contains(TransactionOutcome.COMMIT)) {
      throw new TransactionSplitException(id, refusal);
    }
    throw rolledBack("the database did not commit; it said: " + said, null, refusal);
  }

  private TransactionRolledBackException rolledBack(
      String why, @Nullable String server, @Nullable Throwable cause) {
    return new TransactionRolledBackException(
        "the transaction " + id + " is rolled back: " + why, server, cause);
  }

  /** The database's part is over: brokers hear of it as soon as they have answered the sends. */
  private void tell(Scope scope, TransactionOutcome outcome) {
    with.running().remove(scope.name());
    Halves sent = scope.halves();
    if (sent == null) {
      return;
    }
    if (outcome == TransactionOutcome.COMMIT) {
      with.endings().tellInTurn(scope.name(), outcome, sent.parts());
    } else {
      sent.ended().thenRun(() -> with.endings().tellNow(scope.name(), outcome, sent.parts()));
    }
  }

  private void rollBackAfter(TransactionRolledBackException reason) {
    try {
      rollBack();
    } catch (TransactionSplitException split) {
      split.addSuppressed(reason);
      throw split;
    }
  }

  /**
   * Rolls back, and reads whether a part of it was committed all the same.
   *
   * @throws TransactionSplitException so it was
   */
  private void rollBack() {
    ended = true;
    Set<String> committed;
    try {
      lent.rollBack();
      if (isInOtherHands()) {
        return; // checks find out about it
      }
      committed = committedAllTheSame();
    } catch (SQLException e) {
      LOG.debug("the connection of {} did not end well; checks find out about it", id, e);
      return;
    }
    scopes.forEach(scope -> tell(
        scope,
        committed.contains(scope.name())
            ? TransactionOutcome.COMMIT
            : TransactionOutcome.ROLLBACK));
    if (!committed.isEmpty()) {
      throw new TransactionSplitException(id, failure);
    }
  }

  private Set<String> committedAllTheSame() throws SQLException {
    if (scopes.isEmpty()) {
      return Set.of();
    }
    try (AutoCommitConnection reading = AutoCommitConnection.of(connection)) {
      return with.table().committed(reading.get(), scopes.names());
    }
  }

  /**
   * Rolls back what is not committed; gives the connection back. While a statement of the work runs on
   * another thread, it is cancelled; if it does not stop soon, both is done as soon as it has.
   *
   * @throws TransactionSplitException a part was committed before, by something else
   */
  @Override
  public void close() {
    turns.end(this::closeInTurn);
  }

  private void closeInTurn() {
    try {
      if (!ended) {
        rollBack();
      }
    } finally {
      lent.giveBack(isInOtherHands());
      with.running().removeAll(scopes.names()); // what is left open, a check finds out
    }
  }

  /** Another thread may use the driver's own connection at this moment, unseen. */
  private boolean isInOtherHands() {
    return scopes.isExposed() && turns.isOfAnotherThread();
  }

  /** Follows what the work does with the connection. */
  private final class Watch implements ConnectionWatch {

    @Override
    public void beforeStatement() throws SQLException {
      if (scopes.isEmpty()) {
        openScope();
      }
    }

    @Override
    public void split() {
      scopes.split();
    }

    @Override
    public void undone() {
      for (Scope scope : missing()) {
        if (scopes.isFirst(scope)) {
          throw breakWith("its first row in the table " + with.table() + " is gone", null);
        }
        scope.undo();
      }
    }

    @Override
    public void exposed() {
      scopes.expose();
    }

    @Override
    public void failed(SQLException why) {
      failure = Aborts.isConsequence(why) ? failure : why;
    }
  }
}
