package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
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
    Duration sendTimeout,
    Duration decisionTimeout,
    BodyCompression compression,
    int checkThreads) {

  public TableSettings {
    Settings.atLeast(60_000, keepOutcomes.toMillis(), "keepOutcomes in ms");
    Settings.atLeast(1, lockTimeout.toSeconds(), "lockTimeout in s");
    Settings.atLeast(1, sendTimeout.toMillis(), "sendTimeout in ms");
    Settings.atLeast(1, decisionTimeout.toMillis(), "decisionTimeout in ms");
    Settings.atLeast(1, checkThreads, "checkThreads");
    SqlNames.check(table);
  }
}
