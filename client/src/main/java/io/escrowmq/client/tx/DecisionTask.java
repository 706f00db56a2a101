package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one broker how a transaction ended, again and again until it knows or the deadline passes. To
 * repeat it is harmless. Tries follow each other, so the fields need no lock.
 */
final class DecisionTask {

  private static final Logger LOG = LoggerFactory.getLogger(DecisionTask.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Reports reports;
  private final Routes routes;
  private final Timer timer;
  private final Part part;
  private final DecideTransactionHeader header;
  private final long deadlineNanos;
  private final CompletableFuture<BrokerAnswer> result = new CompletableFuture<>();

  private Duration pause = FIRST_PAUSE;

  /**
   * @param deadlineNanos by the timer's clock: no try begins after it
   */
  DecisionTask(
      Reports reports,
      Routes routes,
      Timer timer,
      Part part,
      DecideTransactionHeader header,
      long deadlineNanos) {
    this.reports = reports;
    this.routes = routes;
    this.timer = timer;
    this.part = part;
    this.header = header;
    this.deadlineNanos = deadlineNanos;
  }

  /** Ends with what the broker says, or with the last try's exception. */
  CompletionStage<BrokerAnswer> start() {
    attempt();
    return result;
  }

  private void attempt() {
    String master = routes.master(part.brokerName());
    String address = master == null ? part.address() : master;
    reports.decide(address, header).whenComplete((told, lost) -> {
      if (lost == null) {
        result.complete(told);
      } else {
        again(Failures.lost("deciding " + header.transaction(), address, lost));
      }
    });
  }

  private void again(EscrowException why) {
    if (why instanceof UnsupportedByServerException
        || timer.nanoTime() + pause.toNanos() - deadlineNanos > 0) {
      result.completeExceptionally(why);
      return;
    }
    LOG.debug("{} is told again later: {}", part.brokerName(), why.getMessage());
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    timer.after(now, this::attempt);
  }
}
