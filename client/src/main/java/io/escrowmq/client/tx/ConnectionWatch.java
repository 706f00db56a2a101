package io.escrowmq.client.tx;

import java.sql.SQLException;

/**
 * Hears what the user of a {@link GuardedConnection} does to its transaction. Called by whoever has the
 * turn.
 */
interface ConnectionWatch {

  /** The next call may begin the transaction in the database, or is a statement in it. */
  void beforeStatement() throws SQLException;

  /** From here on, statements may belong to another savepoint or another transaction than before. */
  void split();

  /** Some statements were undone by going back to a savepoint. */
  void undone() throws SQLException;

  /** The user gets something of the driver's own: what he does with it is not heard. */
  void exposed();

  /** A statement failed; the user hears of it, too. */
  void failed(SQLException failure);
}
