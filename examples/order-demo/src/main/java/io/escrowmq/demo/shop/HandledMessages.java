package io.escrowmq.demo.shop;

import io.escrowmq.client.Delivery;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Remembers, in the transaction that handles a message, that it was handled. So whatever comes again
 * is known, also after a crash between commit and acknowledgement. Any thread.
 *
 * <p>This is what the client's idempotent handler does, written out: the transactions that it is part
 * of are made in several ways, of which the client's own is only one.
 */
final class HandledMessages {

  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS handled_messages (message_id VARCHAR(64) PRIMARY KEY)";

  private static final String DUPLICATE_KEY = "23505";

  private final boolean forgets;

  /**
   * @param forgets remembers nothing: the guard is taken away
   */
  HandledMessages(boolean forgets) {
    this.forgets = forgets;
  }

  /**
   * Goes first in the transaction.
   *
   * @throws DuplicateException it was handled before; the transaction has to be rolled back
   */
  void remember(Connection connection, Delivery delivery) throws SQLException {
    if (forgets) {
      return;
    }
    try {
      Databases.update(connection, "INSERT INTO handled_messages VALUES (?)", delivery.messageId());
    } catch (SQLException e) {
      if (DUPLICATE_KEY.equals(e.getSQLState())) {
        throw new DuplicateException(delivery.messageId());
      }
      throw e;
    }
  }

  /** The message was handled before. */
  static final class DuplicateException extends RuntimeException {

    private DuplicateException(String messageId) {
      super("the message " + messageId + " was handled before");
    }
  }
}
