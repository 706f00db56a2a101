package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which brokers can decide several half-messages by name, which is EscrowMQ's own. Each is asked
 * once, with a report that says nothing, before anything depends on it. Any thread.
 */
final class Capabilities {

  private static final String NO_TRANSACTION = "none";

  private final Reports reports;
  private final String group;
  private final String extension;
  private final Set<String> capable = ConcurrentHashMap.newKeySet(); // addresses

  /**
   * @param extension what is demanded, as the beginning of a sentence: "transactions with an outcome table"
   */
  Capabilities(Reports reports, String group, String extension) {
    this.reports = reports;
    this.group = group;
    this.extension = extension;
  }

  /** Fails with {@link UnsupportedByServerException} when the broker cannot. */
  CompletionStage<Void> demand(String address) {
    if (capable.contains(address)) {
      return CompletableFuture.completedFuture(null);
    }
    DecideTransactionHeader nothing = new DecideTransactionHeader(
        group, NO_TRANSACTION, Reports.flags(TransactionOutcome.UNKNOWN), 0, false, -1);
    return reports.decide(address, nothing).handle((told, failure) -> {
      if (failure != null
          && Failures.unwrapped(failure) instanceof UnsupportedByServerException unsupported) {
        throw new UnsupportedByServerException(
            extension + " are an extension that the broker " + address
                + " does not have; use an EscrowMQ broker for them",
            address,
            unsupported);
      }
      if (failure == null) {
        capable.add(address);
      }
      return null; // a broker that does not answer has stored a half-message all the same; ask
      // again next
      // time
    });
  }
}
