package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The group's progress as the queues' brokers record it. */
public final class BrokerOffsets implements Offsets {

  private final RemotingClient network;
  private final Routes routes;
  private final String group;
  private final Duration timeout;

  public BrokerOffsets(RemotingClient network, Routes routes, String group, Duration timeout) {
    this.network = network;
    this.routes = routes;
    this.group = group;
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<OptionalLong> recorded(TopicQueue queue) {
    String address = routes.master(queue.brokerName());
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(queue));
    }
    // false: a broker that has nothing shall say so, and not choose 0 for young queues
    Request request = Request.of(
        RequestCode.QUERY_CONSUMER_OFFSET,
        new QueryConsumerOffsetHeader(group, queue.topic(), queue.queueId(), false));
    String what = "asking how far " + group + " is on " + queue;
    return network.call(address, request, timeout).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(what, address, failure);
      }
      if (answer.code() == ResponseCode.QUERY_NOT_FOUND.number()) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(QueueBounds.offset(what, address, answer));
    });
  }

  @Override
  public void record(Map<TopicQueue, Long> offsets) {
    offsets.forEach((queue, offset) -> {
      String address = routes.master(queue.brokerName());
      if (address != null) {
        network.notify(address, update(queue, offset));
      }
    });
  }

  @Override
  public CompletionStage<Void> recordSafely(Map<TopicQueue, Long> offsets) {
    CompletableFuture<?>[] all = offsets.entrySet().stream()
        .map(entry -> recordSafely(entry.getKey(), entry.getValue()))
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all);
  }

  private CompletableFuture<Answer> recordSafely(TopicQueue queue, long offset) {
    String address = routes.master(queue.brokerName());
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(queue));
    }
    String what = "recording how far " + group + " is on " + queue;
    return network
        .call(address, update(queue, offset), timeout)
        .handle((answer, failure) -> {
          if (failure != null) {
            throw Failures.lost(what, address, failure);
          }
          if (!answer.isOk()) {
            throw Failures.refused(what, address, answer);
          }
          return answer;
        })
        .toCompletableFuture();
  }

  private Request update(TopicQueue queue, long offset) {
    return Request.of(
        RequestCode.UPDATE_CONSUMER_OFFSET,
        new UpdateConsumerOffsetHeader(group, queue.topic(), queue.queueId(), offset));
  }
}
