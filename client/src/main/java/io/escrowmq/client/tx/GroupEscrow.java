package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.runtime.Pool;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One producer group's place in this client while it has half-messages in escrow: known to all
 * brokers, sending, reporting, and answering checks. Any thread.
 */
final class GroupEscrow implements AutoCloseable {

  private static final int MOST_WAITING_CHECKS = 2_000; // brokers ask at most 200 in 100 ms

  private final Cluster cluster;
  private final String group;
  private final HalfSender halves;
  private final Reports reports;
  private final Pool threads;

  /**
   * @param checkThreads how many checks run at a time
   */
  GroupEscrow(
      ClientParts parts,
      String group,
      Duration sendTimeout,
      BodyCompression compression,
      int checkThreads) {
    this.cluster = parts.cluster();
    this.group = group;
    this.halves = new HalfSender(parts.sender(), cluster.timer(), group, sendTimeout, compression);
    this.reports = new Reports(cluster.network(), cluster.requestTimeout());
    this.threads =
        cluster.loops().pool("escrowmq-checks-" + group, checkThreads, MOST_WAITING_CHECKS);
  }

  /**
   * Brokers may ask from now on, those too that this process has not sent anything to.
   *
   * @throws IllegalStateException when this client answers for the group already
   */
  void open(Checker checker) {
    cluster.serverRequests().listen(group, new Checks(group, checker, reports, threads));
    cluster.presence().addProducer(group);
    CompletionStage<Route> unused = cluster.routes().findCluster();
  }

  HalfSender halves() {
    return halves;
  }

  Reports reports() {
    return reports;
  }

  /** Where checks run; for other work that may block and may be refused. */
  Pool threads() {
    return threads;
  }

  @Override
  public void close() {
    cluster.serverRequests().forgetChecks(group);
    cluster.presence().removeProducer(group);
    threads.close();
  }
}
