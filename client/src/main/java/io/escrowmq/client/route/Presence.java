package io.escrowmq.client.route;

import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.UnregisterClientHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every broker that the routes name which groups this client belongs to: from time to time, at
 * once when a group or a broker is new, and when a connection was lost, until one hears it. Any thread.
 */
public final class Presence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final Duration BACK_AFTER = Duration.ofSeconds(1);

  private final RemotingClient network;
  private final Timer timer;
  private final Routes routes;
  private final String clientId;
  private final Duration timeout;
  private final PeriodicTask beats;
  private final Set<String> greeted = ConcurrentHashMap.newKeySet(); // addresses
  private final Set<String> missed = ConcurrentHashMap.newKeySet(); // addresses, greeted again soon

  // guarded by this
  private final Map<String, Integer> producers = new HashMap<>(); // group to number of producers
  private final Map<String, Supplier<ConsumerEntry>> consumers = new HashMap<>();

  /**
   * @param every pause between heartbeats; brokers forget a client after 2 minutes without one
   * @param timeout for one heartbeat's answer
   */
  public Presence(
      RemotingClient network,
      Timer timer,
      Routes routes,
      String clientId,
      Duration every,
      Duration timeout) {
    this.network = network;
    this.timer = timer;
    this.routes = routes;
    this.clientId = clientId;
    this.timeout = timeout;
    this.beats = new PeriodicTask(timer, every, this::beat);
    routes.onChange(this::greetNew);
  }

  public void start() {
    beats.start();
  }

  public String clientId() {
    return clientId;
  }

  /** This client has one producer more in the group. */
  public void addProducer(String group) {
    synchronized (this) {
      producers.merge(group, 1, Integer::sum);
    }
    beat();
  }

  /** This client has one producer less in the group; with the last one it leaves the group. */
  public void removeProducer(String group) {
    synchronized (this) {
      producers.computeIfPresent(group, (same, count) -> count > 1 ? count - 1 : null);
      if (producers.containsKey(group)) {
        return;
      }
    }
    leave(new UnregisterClientHeader(clientId, group, null));
  }

  /**
   * This client consumes in the group; the entry is asked for with every heartbeat.
   *
   * @throws IllegalStateException when it does already: one consumer a group and client
   */
  public void addConsumer(String group, Supplier<ConsumerEntry> entry) {
    synchronized (this) {
      if (consumers.putIfAbsent(group, entry) != null) {
        throw new IllegalStateException("this client has a consumer in the group " + group
            + " already; close that one, or use another client");
      }
    }
  }

  /** This client consumes in the group no more. Ends when brokers have been told. */
  public CompletionStage<Void> removeConsumer(String group) {
    synchronized (this) {
      consumers.remove(group);
    }
    return leave(new UnregisterClientHeader(clientId, null, group));
  }

  private CompletionStage<Void> leave(UnregisterClientHeader header) {
    Request request = Request.of(RequestCode.UNREGISTER_CLIENT, header);
    return toAll(address -> network.call(address, request, timeout).handle((answer, lost) -> null));
  }

  /** Greets every broker; ends when all have answered, or could not. */
  public CompletionStage<Void> beatAll() {
    byte[] body = body();
    return body == null
        ? CompletableFuture.completedFuture(null)
        : toAll(address -> beat(address, body));
  }

  /** Greets every broker; does not wait. */
  public void beat() {
    CompletionStage<Void> unused = beatAll();
  }

  private CompletionStage<Void> toAll(Function<String, CompletionStage<Void>> one) {
    boolean mastersOnly;
    synchronized (this) {
      mastersOnly = consumers.isEmpty();
    }
    CompletableFuture<?>[] all = routes.brokers(mastersOnly).stream()
        .map(address -> one.apply(address).toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all);
  }

  private void greetNew(Route route) {
    byte[] body = null;
    for (Map<Long, String> broker : route.brokers().values()) {
      for (String address : broker.values()) {
        if (greeted.contains(address)) {
          continue;
        }
        body = body == null ? body() : body;
        if (body == null) {
          return;
        }
        CompletionStage<Void> unused = beat(address, body);
      }
    }
  }

  private CompletionStage<Void> beat(String address, byte[] body) {
    if (greeted.add(address)) {
      network.onLost(address, () -> comeBackSoon(address));
    }
    Request request = new Request(RequestCode.HEART_BEAT, WireHeader.NONE, Body.of(body));
    return network.call(address, request, timeout).handle((answer, lost) -> {
      report(address, answer, lost);
      if (lost != null) {
        comeBackSoon(address);
      }
      return null;
    });
  }

  private void comeBackSoon(String address) {
    if (missed.add(address)) {
      timer.after(BACK_AFTER, () -> comeBack(address));
    }
  }

  /** Unless no route names the broker any more. */
  private void comeBack(String address) {
    missed.remove(address);
    byte[] body = body();
    if (body != null && routes.brokers(false).contains(address)) {
      CompletionStage<Void> unused = beat(address, body);
    }
  }

  private static void report(String address, @Nullable Answer answer, @Nullable Throwable lost) {
    if (lost != null) {
      LOG.debug("no heartbeat to {}: {}", address, lost.getMessage());
    } else if (answer != null && !answer.isOk()) {
      LOG.warn("{} refused a heartbeat (code {}): {}", address, answer.code(), answer.remark());
    }
  }

  /** The heartbeat, or null when this client belongs to no group. */
  private synchronized byte @Nullable [] body() {
    if (producers.isEmpty() && consumers.isEmpty()) {
      return null;
    }
    List<ConsumerEntry> entries = new ArrayList<>();
    consumers.values().forEach(entry -> entries.add(entry.get()));
    return new Heartbeat(clientId, entries, List.copyOf(producers.keySet()), 0, false).toBytes();
  }

  @Override
  public void close() {
    beats.close();
  }
}
