package io.escrowmq.client.send;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.OrderedFuture;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.TopicNames;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Brings encoded messages to brokers; all producers of a client share it. Any thread. */
public final class Sender implements AutoCloseable {

  private static final int QUEUES_OF_NEW_TOPIC = 4;

  private final RemotingClient network;
  private final Timer timer;
  private final Routes routes;
  private final QueueChoice choice;
  private final Map<String, OrderedFuture<Route>> firstRoutes =
      new ConcurrentHashMap<>(); // on their way
  private final Set<SendTask> waiting = ConcurrentHashMap.newKeySet(); // no answer of a broker's
  private volatile boolean closed;

  public Sender(RemotingClient network, Timer timer, Routes routes) {
    this.network = network;
    this.timer = timer;
    this.routes = routes;
    this.choice = new QueueChoice(timer);
  }

  /**
   * Sends until a broker has it.
   *
   * @param deadlineNanos by the timer's clock; the stage has ended by then
   * @param retries how often it is sent again after a try that may have reached a broker
   */
  public CompletionStage<Placement> send(Outbound outbound, long deadlineNanos, int retries) {
    SendTask task = new SendTask(this, outbound, Set.of(), deadlineNanos, retries);
    task.start();
    return task.result();
  }

  /**
   * Sends a half-message until a broker has it. Once a broker may have it, no other gets it: nobody
   * would decide about the first one.
   *
   * @param preferred names of brokers that have half-messages of the same transaction: one of them is
   *     chosen if it can be
   */
  public CompletionStage<Placement> sendHalf(
      Outbound outbound, Set<String> preferred, long deadlineNanos, int retries) {
    SendTask task = new SendTask(this, outbound, preferred, deadlineNanos, retries);
    task.start();
    return task.result();
  }

  /** Whether other brokers are better now: this one has just failed. */
  public boolean isAvoided(String brokerName) {
    return choice.isAvoided(brokerName);
  }

  /** The task waits from now on, for a route or for its next try; closing ends it, now or then. */
  void waits(SendTask task) {
    waiting.add(task);
    if (closed) {
      abandon(task);
    }
  }

  /** Whether the task, which waited, goes on; not when it was ended meanwhile. */
  boolean goesOn(SendTask task) {
    return waiting.remove(task);
  }

  private void abandon(SendTask task) {
    if (waiting.remove(task)) {
      task.abandon();
    }
  }

  /** Sends once and forgets, also when it cannot be sent. */
  void sendOneWay(Outbound outbound) {
    withRoute(outbound.topic(), (route, failure) -> {
      if (route != null) {
        forget(outbound, route);
      }
    });
  }

  /** The topic's route; null when it is not known, or others still wait to go on with it. */
  @Nullable
  Route routeNow(String topic) {
    return firstRoutes.containsKey(topic) ? null : routes.known(topic);
  }

  /** Goes on with the topic's route. Of those that wait for it, the first goes on first. */
  void withRoute(
      String topic, BiConsumer<? super @Nullable Route, ? super @Nullable Throwable> then) {
    Route known = routeNow(topic);
    if (known != null) {
      then.accept(known, null);
    } else {
      firstRoute(topic).then(then);
    }
  }

  private OrderedFuture<Route> firstRoute(String topic) {
    OrderedFuture<Route> fresh = new OrderedFuture<>();
    OrderedFuture<Route> other = firstRoutes.putIfAbsent(topic, fresh);
    if (other != null) {
      return other;
    }
    routes.findForSending(topic).whenComplete((route, failure) -> {
      try {
        if (failure == null) {
          fresh.complete(route);
        } else {
          fresh.fail(failure);
        }
      } finally {
        firstRoutes.remove(topic, fresh);
      }
    });
    return fresh;
  }

  private void forget(Outbound outbound, Route route) {
    TopicQueue queue = choose(outbound, route, Set.of(), null);
    String address = queue == null ? null : route.master(queue.brokerName());
    if (queue != null && address != null) {
      network.notify(address, request(outbound, queue));
      routes.mayHaveCreated(route);
    }
  }

  @Nullable
  TopicQueue choose(Outbound outbound, Route route, Set<String> preferred, @Nullable String notOn) {
    String key = outbound.orderingKey();
    return key == null ? choice.next(route, preferred, notOn) : QueueChoice.of(route, key);
  }

  static Request request(Outbound outbound, TopicQueue queue) {
    return new Request(
        codeOf(outbound),
        new SendMessageHeader(
            outbound.group(),
            outbound.topic(),
            TopicNames.AUTO_CREATE_TEMPLATE,
            QUEUES_OF_NEW_TOPIC,
            queue.queueId(),
            outbound.sysFlag(),
            outbound.bornMillis(),
            0,
            outbound.properties(),
            0,
            false,
            -1,
            outbound.kind() == Outbound.Kind.BATCH),
        outbound.body());
  }

  private static RequestCode codeOf(Outbound outbound) {
    return switch (outbound.kind()) {
      case MESSAGE -> RequestCode.SEND_MESSAGE_V2;
      case BATCH -> RequestCode.SEND_BATCH_MESSAGE;
      case REPLY -> RequestCode.SEND_REPLY_MESSAGE_V2;
    };
  }

  RemotingClient network() {
    return network;
  }

  Timer timer() {
    return timer;
  }

  Routes routes() {
    return routes;
  }

  QueueChoice choice() {
    return choice;
  }

  /**
   * Ends the sends that wait, for their timer may never run again. A send that is at a broker ends
   * with its answer, or with the network's end.
   */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(this::abandon);
  }
}
