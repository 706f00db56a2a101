package io.escrowmq.demo.shop;

import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.demo.agree.Agreement;
import io.escrowmq.demo.agree.AmbiguousException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Keeps a book of every try to make a transaction, outside of it: that it began, and what the service
 * was told of its end. A try without an end is one that a crash cut off. Any thread.
 */
final class Attempts {

  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS attempts (attempt VARCHAR(36) PRIMARY KEY,"
          + " order_id INT NOT NULL, told VARCHAR(12))";

  private final DataSource dataSource;
  private final Agreement agreement;

  /**
   * @param dataSource the service's database; without a probe, for this is no step of its own
   */
  Attempts(DataSource dataSource, Agreement agreement) {
    this.dataSource = dataSource;
    this.agreement = agreement;
  }

  /** One try; its name goes into its rows and messages. */
  @FunctionalInterface
  interface Try {

    void run(Connection connection, Agreement.TransactionMessages messages, String attempt)
        throws SQLException;
  }

  /**
   * Makes one try.
   *
   * @throws Exception as {@link Agreement#inTransaction}
   */
  void make(int order, Try work) throws Exception {
    String attempt = UUID.randomUUID().toString();
    write("INSERT INTO attempts VALUES (?, ?, NULL)", attempt, order);
    String told = "ROLLED_BACK";
    try {
      agreement.inTransaction((connection, messages) -> work.run(connection, messages, attempt));
      told = "COMMITTED";
    } catch (OutcomeUnknownException | AmbiguousException e) {
      told = "UNKNOWN";
      throw e;
    } catch (HandledMessages.DuplicateException e) {
      told = "DUPLICATE";
      throw e;
    } catch (OrderService.WithdrawnException e) {
      told = "WITHDRAWN";
      throw e;
    } finally {
      write("UPDATE attempts SET told = ? WHERE attempt = ?", told, attempt);
    }
  }

  private void write(String sql, Object... parameters) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Databases.update(connection, sql, parameters);
    }
  }
}
