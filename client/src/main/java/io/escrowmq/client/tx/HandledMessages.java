package io.escrowmq.client.tx;

import io.escrowmq.client.core.Arguments;
import io.escrowmq.runtime.Turn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of messages that one consumer group has handled. Any thread. */
public final class HandledMessages {

  private static final Logger LOG = LoggerFactory.getLogger(HandledMessages.class);
  private static final int CLEANINGS_PER_AGE = 20;
  // in the place of the time at which it was handled; any other number below 0 says the same
  private static final long BEGUN = -1;
  private static final String KEY = " WHERE consumer_group = ? AND topic = ? AND message_id = ?";

  private final DataSource dataSource;
  private final String table;
  private final String group;
  private final Duration keep;
  private final InstantSource clock;
  private final Supplier<Turn> turns;
  private final CommitTrust trust = new CommitTrust(false);
  private volatile String located; // the table, wherever a connection looks for others
  private final AtomicLong cleanAtMillis = new AtomicLong();

  /**
   * @param keep for how long a message is known after it was handled
   * @param turns makes one for each transaction
   */
  public HandledMessages(
      DataSource dataSource,
      String table,
      String group,
      Duration keep,
      InstantSource clock,
      Supplier<Turn> turns) {
    Arguments.atLeast(Duration.ofMillis(1), keep, "keepHandled");
    this.dataSource = dataSource;
    this.table = SqlNames.check(table);
    this.located = table;
    this.group = group;
    this.keep = keep;
    this.clock = clock;
    this.turns = turns;
  }

  /**
   * Looks for the table.
   *
   * @param create when it is not there
   * @throws IllegalStateException when it is not there and not to be created
   */
  public void prepareTable(boolean create) throws SQLException {
    try (AutoCommitConnection connection = new AutoCommitConnection(dataSource)) {
      if (!SqlTables.exists(connection.get(), table)) {
        if (!create) {
          throw SqlTables.missing(table);
        }
        create(connection.get());
      }
      located = SqlTables.located(connection.get(), table);
    }
  }

  private void create(Connection connection) throws SQLException {
    SqlTables.create(
        connection,
        table,
        "consumer_group VARCHAR(255) NOT NULL, topic VARCHAR(255) NOT NULL,"
            + " message_id VARCHAR(255) NOT NULL, handled_millis BIGINT NOT NULL,"
            + " PRIMARY KEY (consumer_group, topic, message_id)");
    createIndex(connection);
  }

  private void createIndex(Connection connection) throws SQLException {
    String name = table.substring(table.lastIndexOf('.') + 1) + "_age";
    try (Statement create = connection.createStatement()) {
      create.execute("CREATE INDEX " + name + " ON " + table + " (handled_millis)");
    } catch (SQLException e) {
      LOG.info("the index {} was not created; another may have done so: {}", name, e.getMessage());
    }
  }

  /** What is done once for each message. */
  @FunctionalInterface
  public interface Work {

    void run(Connection connection) throws Exception;
  }

  /**
   * Does the work in a transaction of its own, unless the message was handled before. The message's
   * row is the first statement of the transaction, and says that the work has begun; the last one says
   * that it is done. So what rolls back the transaction behind the client's back is noticed, and what
   * commits a part of it does not make the message handled.
   *
   * @throws Exception the work's own, or the database's: the message is not known as handled
   */
  public void once(String topic, String messageId, Work work) throws Exception {
    Connection connection = dataSource.getConnection();
    try (LocalTransaction transaction = LocalTransaction.begin(connection, turns.get())) {
      if (!isFirst(connection, topic, messageId)) {
        connection.rollback();
        if (!isLeftHalfDone(connection, topic, messageId)) {
          demandHandled(connection, topic, messageId);
          return;
        }
      }
      Statements statements = new Statements();
      work.run(GuardedConnection.of(connection, statements, transaction.turns));
      transaction.demandThatWorkHasEnded();
      finish(connection, topic, messageId, statements.failure);
      boolean look = trust.demandsLook(connection);
      transaction.commit();
      if (look) {
        demandHandled(connection, topic, messageId);
      }
    }
  }

  /**
   * Notes that the work is done, in the transaction that is to be committed; the row must be there.
   *
   * @param ignored the last failure of a statement that the work ignored, if it is known
   */
  public void finish(
      Connection connection, String topic, String messageId, @Nullable SQLException ignored)
      throws SQLException {
    boolean there;
    try {
      there = mark(connection, topic, messageId, "?", clock.millis());
    } catch (SQLException e) {
      throw new SQLException(
          "the message " + messageId + " is not handled: " + Aborts.reason(e, ignored),
          e.getSQLState(),
          e);
    }
    if (!there) {
      throw new SQLException(
          "the message " + messageId + " is not handled: its row in " + table
              + " is gone; something rolled back the transaction" + Aborts.after(ignored),
          ignored);
    }
  }

  /**
   * Whether the message's row was committed before the work was done, by something else than the
   * client, and the rest is not done. All of the work is then to be done in this transaction: to
   * do a part twice is better than never to do the rest. Waits as {@link #isFirst}.
   */
  public boolean isLeftHalfDone(Connection connection, String topic, String messageId)
      throws SQLException {
    if (!mark(connection, topic, messageId, "handled_millis - 1")) { // a change, so that it counts
      return false;
    }
    LOG.warn(
        "something committed a part of the work on the message {} before the work was done;"
            + " all of it is done again",
        messageId);
    return true;
  }

  private boolean mark(
      Connection connection, String topic, String messageId, String value, long... parameters)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(
        "UPDATE " + located + " SET handled_millis = " + value + KEY + " AND handled_millis < 0")) {
      int at = 1;
      for (long parameter : parameters) {
        update.setLong(at++, parameter);
      }
      key(update, at, topic, messageId);
      return update.executeUpdate() > 0;
    }
  }

  /**
   * Notes in the connection's transaction that the work on the message has begun, unless it was noted
   * before. Waits for another transaction that is just handling it.
   *
   * @return false when it seems to have been handled before; the transaction must then be rolled back,
   *     and {@link #isLeftHalfDone} and {@link #demandHandled} tell whether it was
   */
  public boolean isFirst(Connection connection, String topic, String messageId)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + located
        + " (consumer_group, topic, message_id, handled_millis) VALUES (?, ?, ?, ?)")) {
      key(insert, 1, topic, messageId);
      insert.setLong(4, BEGUN);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (SqlTables.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Checks that the message was handled, and its row not refused for another reason.
   *
   * @throws SQLException also when it was not
   */
  public void demandHandled(String topic, String messageId) throws SQLException {
    try (AutoCommitConnection connection = new AutoCommitConnection(dataSource)) {
      demandHandled(connection.get(), topic, messageId);
    }
  }

  private void demandHandled(Connection connection, String topic, String messageId)
      throws SQLException {
    if (!isHandled(connection, topic, messageId)) {
      throw new SQLException("the message " + messageId + " of " + topic + " is not in the table "
          + table
          + " although its row was inserted: either a constraint of the table refuses it, or"
          + " the commit took no effect");
    }
  }

  private boolean isHandled(Connection connection, String topic, String messageId)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "SELECT handled_millis FROM " + located + KEY + " AND handled_millis >= 0")) {
      key(select, 1, topic, messageId);
      try (ResultSet found = select.executeQuery()) {
        return found.next();
      }
    }
  }

  private void key(PreparedStatement statement, int from, String topic, String messageId)
      throws SQLException {
    statement.setString(from, group);
    statement.setString(from + 1, topic);
    statement.setString(from + 2, messageId);
  }

  /** Drops what was handled long ago, if it is time for that again. */
  public void cleanNowAndThen() {
    long now = clock.millis();
    long due = cleanAtMillis.get();
    if (now < due || !cleanAtMillis.compareAndSet(due, now + keep.toMillis() / CLEANINGS_PER_AGE)) {
      return;
    }
    try (AutoCommitConnection connection = new AutoCommitConnection(dataSource);
        PreparedStatement delete = connection
            .get()
            .prepareStatement("DELETE FROM " + located
                + " WHERE consumer_group = ? AND handled_millis >= 0 AND handled_millis < ?")) {
      delete.setString(1, group);
      delete.setLong(2, now - keep.toMillis());
      LOG.debug("{} old rows were deleted from {}", delete.executeUpdate(), table);
    } catch (SQLException e) {
      LOG.warn("old rows could not be deleted from {}", table, e);
    }
  }

  /** Rolls back what is not committed when it is closed, and gives the connection back as it came. */
  private static final class LocalTransaction implements AutoCloseable {

    private final Turns turns;
    private final Connection connection;
    private final boolean autoCommit;

    private LocalTransaction(Connection connection, Turn turn) throws SQLException {
      this.turns = new Turns("the transaction of a handler", turn);
      this.connection = connection;
      this.autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
    }

    static LocalTransaction begin(Connection connection, Turn turn) throws SQLException {
      try {
        return new LocalTransaction(connection, turn);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    /** No statement of another thread may go on behind the look, or the commit. */
    void demandThatWorkHasEnded() throws SQLException {
      if (!turns.take()) {
        throw new SQLException("a statement of the work was still running when it returned");
      }
      turns.release();
    }

    void commit() throws SQLException {
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      turns.end(this::end);
    }

    /** If the rollback fails, auto-commit stays off: to switch it on might commit. */
    private void end() throws SQLException {
      try (Connection closing = connection) {
        closing.rollback(); // of no effect after a commit
        closing.setAutoCommit(autoCommit);
      }
    }
  }

  /** Remembers why a statement failed, should the work ignore it. */
  private static final class Statements implements ConnectionWatch {

    private @Nullable SQLException failure;

    @Override
    public void beforeStatement() {}

    @Override
    public void split() {}

    @Override
    public void undone() {}

    @Override
    public void exposed() {}

    @Override
    public void failed(SQLException why) {
      failure = Aborts.isConsequence(why) ? failure : why;
    }
  }
}
