package io.escrowmq.client.handle;

import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.pull.StoredDelivery;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendBackHeader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives messages back to the broker that has them: it delivers them again from the group's retry topic,
 * and moves them to its dead letter topic after the last delivery.
 */
final class BrokerRedelivery implements Redelivery {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerRedelivery.class);
  private static final int DEAD_LETTER = -1;

  private final RemotingClient network;
  private final Routes routes;
  private final String group;
  private final RetrySettings settings;
  private final Duration timeout;

  BrokerRedelivery(
      RemotingClient network,
      Routes routes,
      String group,
      RetrySettings settings,
      Duration timeout) {
    this.network = network;
    this.routes = routes;
    this.group = group;
    this.settings = settings;
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<Void> again(StoredDelivery delivery, Verdict verdict) {
    String address = routes.master(delivery.queue().brokerName());
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(delivery.queue()));
    }
    SendBackHeader header = new SendBackHeader(
        delivery.position(),
        group,
        level(delivery, verdict),
        delivery.messageId(),
        delivery.topic(),
        false,
        settings.maxDeliveries() - 1);
    String what = "giving back " + delivery;
    return network
        .call(address, Request.of(RequestCode.CONSUMER_SEND_MSG_BACK, header), timeout)
        .handle((answer, failure) -> {
          if (failure != null) {
            LOG.warn("{} to {} failed: {}", what, address, failure.getMessage());
            throw Failures.lost(what, address, failure);
          }
          if (!answer.isOk()) {
            LOG.warn("{} was refused by {}: {}", what, address, answer.remark());
            throw Failures.refused(what, address, answer);
          }
          return null;
        });
  }

  private int level(StoredDelivery delivery, Verdict verdict) {
    Duration after = verdict.after();
    if (verdict.kind() == Verdict.Kind.DEAD_LETTER) {
      return DEAD_LETTER;
    }
    return after == null ? settings.levelAfter(delivery.attempt()) : RetrySettings.levelOf(after);
  }

  @Override
  public boolean isLast(StoredDelivery delivery) {
    return delivery.attempt() >= settings.maxDeliveries();
  }

  @Override
  public Duration pauseAfter(StoredDelivery delivery) {
    return settings.orderedPauseAfter(delivery.attempt());
  }
}
