package io.escrowmq.client.pull;

import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueueHeader;
import io.escrowmq.remoting.header.SearchOffsetHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks brokers where queues begin and end, and where a moment is in them. Any thread. */
public final class QueueBounds {

  private final RemotingClient network;
  private final Routes routes;
  private final Duration timeout;

  public QueueBounds(RemotingClient network, Routes routes, Duration timeout) {
    this.network = network;
    this.routes = routes;
    this.timeout = timeout;
  }

  /** The offset of the first message that is still stored. */
  public CompletionStage<Long> begin(TopicQueue queue) {
    return ask(queue, RequestCode.GET_MIN_OFFSET, new QueueHeader(queue.topic(), queue.queueId()));
  }

  /** The offset that the next message will have. */
  public CompletionStage<Long> end(TopicQueue queue) {
    return ask(queue, RequestCode.GET_MAX_OFFSET, new QueueHeader(queue.topic(), queue.queueId()));
  }

  /** The offset of the first message that was stored at this moment, or later. */
  public CompletionStage<Long> at(TopicQueue queue, Instant moment) {
    return ask(
        queue,
        RequestCode.SEARCH_OFFSET_BY_TIMESTAMP,
        new SearchOffsetHeader(queue.topic(), queue.queueId(), moment.toEpochMilli(), "LOWER"));
  }

  /** Where a group begins that has never consumed the queue. */
  public CompletionStage<Long> of(TopicQueue queue, StartFrom from) {
    Instant moment = from.moment();
    return switch (from.place()) {
      case BEGIN -> begin(queue);
      case END -> end(queue);
      case TIME -> moment == null ? end(queue) : at(queue, moment);
    };
  }

  private CompletionStage<Long> ask(TopicQueue queue, RequestCode code, WireHeader header) {
    String address = routes.master(queue.brokerName());
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(queue));
    }
    String what = "asking for the bounds of " + queue;
    return network.call(address, Request.of(code, header), timeout).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(what, address, failure);
      }
      return offset(what, address, answer);
    });
  }

  /** The one offset that an answer carries. */
  public static long offset(String what, String address, Answer answer) {
    if (!answer.isOk()) {
      throw Failures.refused(what, address, answer);
    }
    try {
      return OffsetResponseHeader.FIELDS.read(answer.fields()).offset();
    } catch (BadInputException e) {
      throw Failures.lost(what, address, e);
    }
  }
}
