package io.escrowmq.client.member;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which queues of the group's topics are ours: from time to time, and at once when members
 * or routes have changed. When it cannot find out, everything stays as it is.
 */
final class Membership implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final RemotingClient network;
  private final Timer timer;
  private final Routes routes;
  private final String group;
  private final String clientId;
  private final boolean alone; // every member has all queues
  private final List<String> topics;
  private final Duration timeout;
  private final BiConsumer<String, Set<TopicQueue>> ours;
  private final Runnable unknown;
  private final MissingTopics missing;
  private final PeriodicTask turns;

  /**
   * One member, and the topics whose queues it shares.
   *
   * @param alone whether it has all queues, as every other member
   * @param topics whose queues the members of the group divide
   */
  record Member(String group, String clientId, boolean alone, List<String> topics) {}

  /**
   * A part of one consumer; waits for {@link #start}.
   *
   * @param ours told, for one topic after the other, which queues are ours now
   * @param unknown told when brokers do not know that we are a member
   */
  Membership(
      RemotingClient network,
      Timer timer,
      Routes routes,
      Member member,
      Duration timeout,
      BiConsumer<String, Set<TopicQueue>> ours,
      Runnable unknown) {
    this.network = network;
    this.timer = timer;
    this.routes = routes;
    this.group = member.group();
    this.clientId = member.clientId();
    this.alone = member.alone();
    this.topics = member.topics();
    this.timeout = timeout;
    this.ours = ours;
    this.unknown = unknown;
    this.missing = new MissingTopics(group);
    this.turns = new PeriodicTask(timer, EVERY, this::turn);
  }

  void start() {
    turns.hurry();
  }

  /** Something has changed. */
  void lookAgain() {
    turns.hurry();
  }

  private void turn() {
    for (String topic : topics) {
      shareOut(topic);
    }
  }

  private void shareOut(String topic) {
    routes.find(topic).thenCompose(this::allocate).whenComplete((queues, failure) -> {
      if (failure == null) {
        missing.found(topic);
        ours.accept(topic, queues);
      } else {
        String warning = missing.notFound(topic, failure, timer.nanoTime());
        if (warning != null) {
          LOG.warn("{}", warning);
        }
        LOG.debug("queues of {} stay as they are: {}", topic, failure.getMessage());
        timer.after(SOON, this::lookAgain); // the topic, or the group's part of it, may be new
      }
    });
  }

  private CompletionStage<Set<TopicQueue>> allocate(Route route) {
    if (alone || route.readable().isEmpty()) {
      return CompletableFuture.completedFuture(Set.copyOf(route.readable()));
    }
    TopicQueue any = route.readable().get(0);
    String address = routes.anyOf(any.brokerName(), 0);
    if (address == null) {
      return CompletableFuture.failedFuture(Failures.noBroker(any));
    }
    String what = "asking for the members of " + group;
    Request request =
        Request.of(RequestCode.GET_CONSUMER_LIST_BY_GROUP, new ConsumerGroupHeader(group));
    return network.call(address, request, timeout).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(what, address, failure);
      }
      if (!answer.isOk()) {
        unknown.run();
        throw Failures.refused(what, address, answer);
      }
      List<String> members = ConsumerIds.read(answer.body()).clientIds();
      if (!members.contains(clientId)) {
        unknown.run();
        timer.after(SOON, this::lookAgain);
      }
      return Allocation.of(route.readable(), members, clientId);
    });
  }

  @Override
  public void close() {
    turns.close();
  }
}
