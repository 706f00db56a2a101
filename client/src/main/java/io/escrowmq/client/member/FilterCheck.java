package io.escrowmq.client.member;

import io.escrowmq.client.FilterRefusedException;
import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.CheckClient;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has brokers read the conditions of a group before it consumes anything. */
final class FilterCheck {

  private final RemotingClient network;
  private final Routes routes;
  private final String group;
  private final String clientId;
  private final Duration timeout;

  FilterCheck(
      RemotingClient network, Routes routes, String group, String clientId, Duration timeout) {
    this.network = network;
    this.routes = routes;
    this.group = group;
    this.clientId = clientId;
    this.timeout = timeout;
  }

  /**
   * Fails with {@link FilterRefusedException} when a broker refuses one of them. Filters by tag need
   * no check, and a topic that is not there yet cannot be asked about.
   */
  CompletionStage<Void> check(List<Subscription> subscriptions) {
    CompletableFuture<?>[] all = subscriptions.stream()
        .filter(subscription -> !subscription.isByTag())
        .map(this::check)
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all);
  }

  private CompletableFuture<Void> check(Subscription subscription) {
    return routes
        .find(subscription.topic())
        .handle((route, failure) -> failure == null
            ? ask(route, subscription)
            : Failures.unwrapped(failure) instanceof TopicNotFoundException
                ? CompletableFuture.<Void>completedFuture(null)
                : CompletableFuture.<Void>failedFuture(failure))
        .thenCompose(stage -> stage)
        .toCompletableFuture();
  }

  private CompletionStage<Void> ask(Route route, Subscription subscription) {
    if (route.readable().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    String address = route.master(route.readable().get(0).brokerName());
    if (address == null) {
      return CompletableFuture.completedFuture(null);
    }
    Request request = new Request(
        RequestCode.CHECK_CLIENT_CONFIG,
        WireHeader.NONE,
        new CheckClient(clientId, group, subscription.entry()).toBody());
    String what = "asking whether " + subscription.topic() + " can be filtered";
    return network.call(address, request, timeout).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(what, address, failure);
      }
      if (!answer.isOk()) {
        throw new FilterRefusedException(
            "the filter of " + subscription.topic() + ", " + subscription.filter()
                + ", was refused by " + address + ": " + answer.remark(),
            address,
            null);
      }
      return null;
    });
  }
}
