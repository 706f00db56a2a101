package io.escrowmq.client.tx;

import io.escrowmq.client.core.Checked;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of messages that one consumer group has handled. Any thread. */
public final class HandledMessages {

  private static final Logger LOG = LoggerFactory.getLogger(HandledMessages.class);
  private static final int CLEANINGS_PER_AGE = 20;

  private final DataSource dataSource;
  private final String table;
  private final String group;
  private final Duration keep;
  private final InstantSource clock;
  private final AtomicLong cleanAtMillis = new AtomicLong();

  /**
   * @param keep for how long a message is known after it was handled
   */
  public HandledMessages(
      DataSource dataSource, String table, String group, Duration keep, InstantSource clock) {
    Checked.atLeast(Duration.ofMillis(1), keep, "keepHandled");
    this.dataSource = dataSource;
    this.table = SqlNames.check(table);
    this.group = group;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Looks for the table.
   *
   * @param create when it is not there
   * @throws IllegalStateException when it is not there and not to be created
   */
  public void prepareTable(boolean create) throws SQLException {
    try (AutoCommitted connection = new AutoCommitted(dataSource)) {
      if (SqlTables.exists(connection.get(), table)) {
        return;
      }
      if (!create) {
        throw SqlTables.missing(table);
      }
      SqlTables.create(
          connection.get(),
          table,
          "consumer_group VARCHAR(255) NOT NULL, topic VARCHAR(255) NOT NULL,"
              + " message_id VARCHAR(255) NOT NULL, handled_millis BIGINT NOT NULL,"
              + " PRIMARY KEY (consumer_group, topic, message_id)");
      createIndex(connection.get());
    }
  }

  private void createIndex(Connection connection) throws SQLException {
    String name = table.substring(table.lastIndexOf('.') + 1) + "_age";
    try (Statement create = connection.createStatement()) {
      create.execute("CREATE INDEX " + name + " ON " + table + " (handled_millis)");
    } catch (SQLException e) {
      LOG.info("the index {} was not created; another may have done so: {}", name, e.getMessage());
    }
  }

  /**
   * Notes that the message is handled in the connection's transaction, unless it was. Waits for
   * another transaction that is just handling it.
   *
   * @return false when it was handled before; the transaction must then be rolled back
   */
  public boolean isFirst(Connection connection, String topic, String messageId)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
        + " (consumer_group, topic, message_id, handled_millis) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, group);
      insert.setString(2, topic);
      insert.setString(3, messageId);
      insert.setLong(4, clock.millis());
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (SqlTables.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Drops what was handled long ago, if it is time for that again. */
  public void cleanNowAndThen() {
    long now = clock.millis();
    long due = cleanAtMillis.get();
    if (now < due || !cleanAtMillis.compareAndSet(due, now + keep.toMillis() / CLEANINGS_PER_AGE)) {
      return;
    }
    try (AutoCommitted connection = new AutoCommitted(dataSource);
        PreparedStatement delete = connection
            .get()
            .prepareStatement(
                "DELETE FROM " + table + " WHERE consumer_group = ? AND handled_millis < ?")) {
      delete.setString(1, group);
      delete.setLong(2, now - keep.toMillis());
      LOG.debug("{} old rows were deleted from {}", delete.executeUpdate(), table);
    } catch (SQLException e) {
      LOG.warn("old rows could not be deleted from {}", table, e);
    }
  }
}
