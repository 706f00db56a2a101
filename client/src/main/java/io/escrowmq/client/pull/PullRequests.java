package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.member.Subscription;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Pulls of one group. Each carries its subscription, so that a broker that has just started, and does
 * not know the group yet, can serve it.
 */
public final class PullRequests implements QueuePuller.Source {

  private static final Duration BROKER_WAITS = Duration.ofSeconds(15);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_MESSAGES = 512; // brokers have lower limits of their own
  private static final int MOST_BYTES = 256 << 10;

  private static final int FLAGS =
      PullFlags.SUSPEND | PullFlags.SUBSCRIPTION | PullFlags.ESCROW_MANY;

  private final RemotingClient network;
  private final Routes routes;
  private final String group;
  private final Function<String, Subscription> subscriptions; // by topic

  public PullRequests(
      RemotingClient network,
      Routes routes,
      String group,
      Function<String, Subscription> subscriptions) {
    this.network = network;
    this.routes = routes;
    this.group = group;
    this.subscriptions = subscriptions;
  }

  @Override
  public CompletionStage<Answer> pull(TopicQueue queue, long offset, long done) {
    String address = routes.anyOf(queue.brokerName(), 0);
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(queue));
    }
    Subscription subscription = subscriptions.apply(queue.topic());
    PullMessageHeader header = new PullMessageHeader(
        group,
        queue.topic(),
        queue.queueId(),
        offset,
        MOST_MESSAGES,
        FLAGS | (done > 0 ? PullFlags.COMMIT_OFFSET : 0),
        Math.max(0, done),
        BROKER_WAITS.toMillis(),
        subscription.filter().expression(),
        subscription.version(),
        subscription.filter().type(),
        MOST_BYTES);
    return network.call(address, Request.of(RequestCode.PULL_MESSAGE, header), TIMEOUT);
  }
}
