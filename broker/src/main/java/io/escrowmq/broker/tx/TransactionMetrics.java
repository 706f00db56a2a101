package io.escrowmq.broker.tx;

import io.escrowmq.broker.metrics.Metrics;
import io.escrowmq.tx.EscrowFigures;
import io.escrowmq.tx.Verdict;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What is counted about half-messages. Any thread. Names that RocketMQ has too mean the same there, so
 * that dashboards go on working.
 */
public final class TransactionMetrics {

  private final Metrics.Counter commits;
  private final Metrics.Counter rollbacks;
  private final Metrics.Counter leftOut;
  private final Metrics.Counter contradictions;
  private final Metrics.Counter refusals;
  private final Metrics.Counter checksSent;
  private final Metrics.Counter checksAnswered;
  private final Metrics.Counter checksUnanswerable;

  public TransactionMetrics(Metrics metrics, Supplier<EscrowFigures> figures, InstantSource clock) {
    metrics.gauge(
        "rocketmq_half_messages",
        "Half-messages in escrow.",
        () -> figures.get().halves());
    metrics.gauge(
        "escrowmq_half_message_bytes",
        "What the records of half-messages in escrow take in the log, in bytes.",
        () -> figures.get().bytes());
    metrics.gauge(
        "escrowmq_transactions_open",
        "Transactions that are not decided.",
        () -> figures.get().transactions());
    metrics.gauge(
        "escrowmq_transactions_suspended",
        "Open transactions that nobody is asked about any more.",
        () -> figures.get().suspended());
    metrics.gauge(
        "escrowmq_transaction_oldest_millis",
        "Age of the oldest open transaction, in milliseconds; 0 when none is open.",
        () -> ageMillis(figures.get(), clock.millis()));
    commits =
        metrics.counter("rocketmq_commit_messages_total", "Half-messages that were committed.");
    rollbacks =
        metrics.counter("rocketmq_rollback_messages_total", "Half-messages that were rolled back.");
    leftOut = metrics.counter(
        "escrowmq_half_messages_left_out_total",
        "Half-messages of committed transactions that became visible nowhere, because their topic was"
            + " deleted.");
    contradictions = metrics.counter(
        "escrowmq_decision_conflicts_total",
        "Reports that were refused because the transaction was decided otherwise.");
    refusals = metrics.counter(
        "escrowmq_decisions_refused_total",
        "Decisions that could not be carried out; the transactions stayed open.");
    checksSent = metrics.counter("escrowmq_checks_sent_total", "Checks sent to producers.");
    checksAnswered = metrics.counter(
        "escrowmq_checks_answered_total", "Checks that a producer answered, UNKNOWN included.");
    checksUnanswerable = metrics.counter(
        "escrowmq_checks_unanswerable_total",
        "Checks that were due while no producer of the group was connected.");
  }

  /** How long the oldest open transaction has been open. */
  static long ageMillis(EscrowFigures figures, long nowMillis) {
    return figures.transactions() == 0 ? 0 : Math.max(0, nowMillis - figures.oldestMillis());
  }

  void decided(DecisionWriter.WriteResult.Complete written) {
    boolean isCommit = written.decision().verdict() == Verdict.COMMIT;
    (isCommit ? commits : rollbacks).add(written.halves() - written.leftOut());
    leftOut.add(written.leftOut());
  }

  void contradicted() {
    contradictions.add(1);
  }

  void refused() {
    refusals.add(1);
  }

  void checkSent() {
    checksSent.add(1);
  }

  void checkAnswered() {
    checksAnswered.add(1);
  }

  void unanswerable() {
    checksUnanswerable.add(1);
  }
}
