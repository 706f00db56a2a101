package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a commit that returns is believed. The rows are read just before it, so all that is left is a
 * driver, or a proxy before the database, that hides what the database answered to the commit. Any
 * thread.
 */
final class CommitTrust {

  /** Drivers that throw what the database answers; the project's tests hold them to it. */
  private static final Set<String> BELIEVED = Set.of("H2 JDBC Driver", "PostgreSQL JDBC Driver");

  private final boolean always;
  private volatile @Nullable Boolean believed; // once known; the same for all connections

  /**
   * @param always to look whatever the driver
   */
  CommitTrust(boolean always) {
    this.always = always;
  }

  /** Whether the table must be read once more after a commit that returns. */
  boolean demandsLook(Connection connection) throws SQLException {
    Boolean known = believed;
    if (known == null) {
      known = BELIEVED.contains(connection.getMetaData().getDriverName());
      believed = known;
    }
    return always || !known;
  }
}
