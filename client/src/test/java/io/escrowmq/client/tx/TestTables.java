package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
import java.time.Duration;
import javax.sql.DataSource;

/** Starts processes that use a table of a database, and nothing else. */
public final class TestTables {

  private TestTables() {}

  /** With a new table, and deadlines that a test does not reach unless it wants to. */
  public static TableTransactions start(FakeCluster cluster, String group, DataSource database) {
    return start(cluster, group, Database.freshTable(), database, false);
  }

  static TableTransactions start(
      FakeCluster cluster,
      String group,
      String table,
      DataSource database,
      boolean readAfterCommit) {
    TableTransactions made = new TableTransactions(
        cluster.partsOfAnotherClient(),
        new TableSettings(
            group,
            table,
            true,
            Duration.ofDays(1),
            Duration.ofSeconds(1),
            readAfterCommit,
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            BodyCompression.NONE,
            1),
        database,
        closed -> {});
    made.start();
    return made;
  }
}
