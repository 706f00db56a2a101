package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Two serializable transactions in PostgreSQL, each of which reads what the other changes. The second
 * commits; so the scene's, the first, cannot.
 */
final class WriteSkew {

  private final Interference.Scene scene;
  private final String sum;
  private final String change;

  WriteSkew(Interference.Scene scene) {
    this.scene = scene;
    this.sum = "SELECT sum(b) FROM " + scene.auxiliary();
    this.change = "UPDATE " + scene.auxiliary() + " SET b = b + 1 WHERE a = ";
  }

  void read() throws SQLException {
    Database.execute(scene.connection(), sum);
  }

  void change() throws SQLException {
    Database.execute(scene.connection(), change + 2);
  }

  void letAnotherCommit() throws SQLException {
    try (Connection other = scene.database().open().getConnection()) {
      other.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      other.setAutoCommit(false);
      Database.execute(other, sum);
      Database.execute(other, change + 1);
      other.commit();
    }
  }
}
