package io.escrowmq.client.tx;

import io.escrowmq.client.core.Arguments;
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
    boolean readAfterCommit,
    Duration sendTimeout,
    Duration decisionTimeout,
    BodyCompression compression,
    int checkThreads) {

  public TableSettings {
    Arguments.atLeast(Duration.ofMinutes(1), keepOutcomes, "keepOutcomes");
    Arguments.atLeast(Duration.ofSeconds(1), lockTimeout, "lockTimeout");
    Arguments.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Arguments.atLeast(Duration.ofMillis(1), decisionTimeout, "decisionTimeout");
    Arguments.atLeast(1, checkThreads, "checkThreads");
    SqlNames.check(table);
  }
}
