package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.route.Cluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how a transaction ended whose commit did not say so. Asks over the transaction's own
 * connection first: the pool may have no other. Owner: the transaction's thread.
 */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final OutcomeCheck check;
  private final Cluster cluster;
  private final Duration timeout;

  Settlement(OutcomeCheck check, Cluster cluster, Duration timeout) {
    this.check = check;
    this.cluster = cluster;
    this.timeout = timeout;
  }

  /**
   * The outcome of each row of the transaction; UNKNOWN when the database cannot say until the timeout.
   *
   * @param giveBack gives the connection back to its pool
   */
  Map<String, TransactionOutcome> find(
      Connection connection, Runnable giveBack, List<String> names) {
    Map<String, TransactionOutcome> found = new LinkedHashMap<>();
    names.forEach(name -> found.put(name, TransactionOutcome.UNKNOWN));
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback(); // so that the server lets go of the rows
      }
      for (String name : names) {
        found.put(name, check.find(connection, name));
      }
    } catch (SQLException e) {
      LOG.debug("the connection cannot tell any more how its transaction ended", e);
    }
    if (found.containsValue(TransactionOutcome.UNKNOWN)) {
      giveBack.run(); // before another is asked for
      findWithOthers(found);
    }
    return found;
  }

  private void findWithOthers(Map<String, TransactionOutcome> found) {
    long deadline = cluster.timer().nanoTime() + timeout.toNanos();
    while (true) {
      found.replaceAll((name, outcome) ->
          outcome == TransactionOutcome.UNKNOWN ? check.find(name, true) : outcome);
      if (!found.containsValue(TransactionOutcome.UNKNOWN)
          || cluster.timer().nanoTime() - deadline >= 0) {
        return;
      }
      CompletableFuture<Void> pause = new CompletableFuture<>();
      cluster.timer().after(PAUSE, () -> pause.complete(null));
      cluster.waiting().forResultOf(pause);
    }
  }
}
