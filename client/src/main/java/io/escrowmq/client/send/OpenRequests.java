package io.escrowmq.client.send;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.Reply;
import io.escrowmq.client.ReplyTimeoutException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.core.Timer.TimerEntry;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.runtime.Chance;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of a client that wait for their replies, by correlation id. Each ends with its reply, when
 * its send fails, or when its time is over. Any thread.
 */
public final class OpenRequests implements AutoCloseable {

  /** So many requests of one client may be open; each keeps some hundred bytes. */
  private static final int MOST_OPEN = 100_000;

  private final WaitingReplies waiting;
  private final Timer timer;
  private final Chance chance;
  private final Routes routes;
  private final Presence presence;
  private final AtomicInteger count = new AtomicInteger(); // of those that wait
  private final int most;
  private volatile boolean closed;

  /** @param waiting is told of replies */
  public OpenRequests(
      WaitingReplies waiting, Timer timer, Chance chance, Routes routes, Presence presence) {
    this(waiting, timer, chance, routes, presence, MOST_OPEN);
  }

  /** At most so many at a time. */
  OpenRequests(
      WaitingReplies waiting,
      Timer timer,
      Chance chance,
      Routes routes,
      Presence presence,
      int most) {
    this.waiting = waiting;
    this.most = most;
    this.timer = timer;
    this.chance = chance;
    this.routes = routes;
    this.presence = presence;
  }

  /** Sends a message with these properties of the system's own; ends when a broker has it. */
  @FunctionalInterface
  interface Send {
    CompletionStage<?> send(String properties);
  }

  /** Asks, and waits for the reply without blocking. */
  CompletionStage<Reply> ask(String topic, Duration timeout, Send send) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      throw new OverloadedException(
          "the request to " + topic + " was not sent: " + most
              + " requests of this client wait for replies; wait for some of them",
          null,
          null);
    }
    String id = new UUID(chance.secret(), chance.secret()).toString();
    CompletableFuture<Reply> reply = waiting.add(id);
    CompletableFuture<Reply> result = new CompletableFuture<>();
    AtomicBoolean sendBegun = new AtomicBoolean(); // or will never begin
    CompletableFuture<Void> sent = new CompletableFuture<>();
    TimerEntry tooLate = timer.after(timeout, () -> {
      if (sendBegun.compareAndSet(false, true)) {
        reply.completeExceptionally(notSent(topic, timeout));
      } else {
        // the send ends by then, too: it knows whether a broker has the request
        CompletableFuture<Void> unused =
            sent.thenRun(() -> reply.completeExceptionally(noReply(topic, timeout)));
      }
    });
    CompletableFuture<Reply> unused = reply.whenComplete((got, failure) -> {
      waiting.remove(id);
      count.decrementAndGet();
      tooLate.cancel();
      if (failure == null) {
        result.complete(got);
      } else {
        result.completeExceptionally(failure);
      }
    });
    if (closed) {
      reply.completeExceptionally(Failures.closed("the client"));
      return result;
    }
    greeted(topic)
        .thenCompose(met -> sendBegun.compareAndSet(false, true) && !reply.isDone()
            ? send.send(properties(id, timeout))
            : CompletableFuture.completedFuture(null))
        .whenComplete((placed, failure) -> {
          if (failure == null) {
            sent.complete(null);
          } else {
            reply.completeExceptionally(Failures.unwrapped(failure));
          }
        });
    return result;
  }

  // The reply may come through any broker of the cluster, so all must know this client first.
  private CompletionStage<Void> greeted(String topic) {
    if (routes.known(topic) != null) {
      return CompletableFuture.completedFuture(null);
    }
    return routes
        .findForSending(topic)
        .handle((route, failure) -> null) // the send says it better
        .thenCompose(found -> presence.beatAll());
  }

  private String properties(String id, Duration timeout) {
    return Properties.format(Map.of(
        PropertyNames.CORRELATION_ID,
        id,
        PropertyNames.REPLY_TO_CLIENT,
        presence.clientId(),
        PropertyNames.TTL,
        Long.toString(timeout.toMillis())));
  }

  private static EscrowException notSent(String topic, Duration timeout) {
    return new NotWritableException(
        "the request to " + topic + " was not sent within " + timeout.toMillis()
            + " ms: name servers and brokers did not answer in time; try again later",
        null,
        null);
  }

  private static EscrowException noReply(String topic, Duration timeout) {
    return new ReplyTimeoutException(
        "no reply to the request to " + topic + " came within " + timeout.toMillis()
            + " ms; a consumer may have handled it. See that a consumer of the topic replies, or"
            + " wait longer",
        null);
  }

  /** Ends all that wait: no reply will come. */
  @Override
  public void close() {
    closed = true;
    waiting.endAll(Failures.closed("the client"));
  }
}
