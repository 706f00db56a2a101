package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Checked;
import java.time.Duration;

/**
 * How transactions with an outcome table work. Immutable, checked; {@link
 * io.escrowmq.client.EscrowTransactionsBuilder} explains each.
 */
public record TableSettings(
    String group,
    String table,
    boolean createTable,
    Duration keepOutcomes,
    Duration lockTimeout,
    boolean readAfterCommit,
    Duration sendTimeout,
    Duration decisionTimeout,
    BodyCompression compression,
    int checkThreads) {

  public TableSettings {
    Checked.atLeast(Duration.ofMinutes(1), keepOutcomes, "keepOutcomes");
    Checked.atLeast(Duration.ofSeconds(1), lockTimeout, "lockTimeout");
    Checked.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Checked.atLeast(Duration.ofMillis(1), decisionTimeout, "decisionTimeout");
    Checked.atLeast(1, checkThreads, "checkThreads");
    SqlNames.check(table);
  }
}
