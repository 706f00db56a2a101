package io.escrowmq.client.tx;

import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.send.InFlight;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells brokers how transactions of one group ended, in the background and until a deadline; what
 * never reaches them, their checks find out. Any thread.
 */
final class Endings {

  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final long MOST_UNTOLD = 10_000; // transactions whose brokers do not answer

  private final Cluster cluster;
  private final Reports reports;
  private final String group;
  private final Duration timeout;
  private final InFlight untold;

  Endings(Cluster cluster, Reports reports, String group, Duration timeout) {
    this.cluster = cluster;
    this.reports = reports;
    this.group = group;
    this.timeout = timeout;
    this.untold = new InFlight(MOST_UNTOLD, cluster.loops(), cluster.timer());
  }

  /**
   * Tells every broker that may have a part of it. Waits first, for a moment, when too many are not
   * told yet.
   */
  void tellInTurn(String transaction, TransactionOutcome outcome, List<Part> transactionParts) {
    try {
      untold.take(
          transactionParts.size(),
          cluster.timer().nanoTime() + cluster.requestTimeout().toNanos());
      tellAll(transaction, outcome, transactionParts);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the transaction has ended: only the telling is hurried
    } catch (OverloadedException full) {
      LOG.warn("brokers have to ask how {} ended: {}", transaction, full.getMessage());
    }
  }

  /** As {@link #tellInTurn}, but never waits. */
  void tellNow(String transaction, TransactionOutcome outcome, List<Part> transactionParts) {
    try {
      untold.take(transactionParts.size());
      tellAll(transaction, outcome, transactionParts);
    } catch (OverloadedException full) {
      LOG.warn("brokers have to ask how {} ended: {}", transaction, full.getMessage());
    }
  }

  private void tellAll(String transaction, TransactionOutcome outcome, List<Part> all) {
    for (Part part : all) {
      tell(part, transaction, outcome).whenComplete((told, failure) -> {
        untold.release(1);
        report(part, transaction, outcome, told, failure);
      });
    }
  }

  /** Tells one broker; the stage ends with what it says, or fails at the deadline. */
  CompletionStage<BrokerAnswer> tell(Part part, String transaction, TransactionOutcome outcome) {
    DecideTransactionHeader header = new DecideTransactionHeader(
        group,
        transaction,
        Reports.flags(outcome),
        part.halfMessages(),
        false,
        part.id().orElse(-1));
    long deadline = cluster.timer().nanoTime() + timeout.toNanos();
    return new DecisionTask(reports, cluster.routes(), cluster.timer(), part, header, deadline)
        .start();
  }

  private static void report(
      Part part,
      String transaction,
      TransactionOutcome outcome,
      @Nullable BrokerAnswer told,
      @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn(
          "{} has to ask how {} ended: {}",
          part.brokerName(),
          transaction,
          Failures.unwrapped(failure).getMessage());
    } else if (told instanceof BrokerAnswer.Contradiction contrary) {
      LOG.error(
          "the transaction {} ended with {}, but says {}: {}",
          transaction,
          outcome,
          part.brokerName(),
          contrary.remark());
    } else if (outcome == TransactionOutcome.COMMIT && !(told instanceof BrokerAnswer.Agreement)) {
      LOG.error(
          "the transaction {} was committed, but {} has lost messages of it: {}",
          transaction,
          part.brokerName(),
          told);
    }
  }

  /** Waits until all brokers know, at most this long. */
  void await(Duration most) {
    try {
      if (!untold.awaitNone(most.toNanos())) {
        LOG.warn("brokers have to ask how some transactions of {} ended", group);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // an interrupt asks for a quick end
    }
  }
}
