package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What there is to tell the name servers, and who waits until they know it. It is there before the core
 * whose topics are told, and outlives it. Any thread tells; the route loop reads.
 */
public final class RouteNews implements TopicRoutes {

  private static final long SPREAD_MILLIS = 2_000; // tools wait 5 s and more for an answer
  private static final int MOST_WAITERS = 10_000;

  /** Somebody who waits until all know of a change. */
  private record Waiter(
      TopicVersion version, long untilMillis, CompletableFuture<List<String>> done) {}

  private final List<NameServer> nameServers;
  private final Ticker ticker;
  private final Wakeup wakeup;
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>(); // at most MOST_WAITERS
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean isNew;

  /**
   * @param addresses of the name servers
   * @param wakeup wakes the worker that turns the route loop
   */
  public RouteNews(List<String> addresses, Ticker ticker, Wakeup wakeup) {
    this.nameServers = addresses.stream().map(NameServer::new).toList();
    this.ticker = ticker;
    this.wakeup = wakeup;
  }

  List<NameServer> nameServers() {
    return nameServers;
  }

  /** Topics have changed, or a name server may be told again: the route loop turns soon. Quick. */
  @Override
  public void topicsChanged() {
    isNew = true;
    wakeup.wake();
  }

  /**
   * Completes when every name server that can be reached knows the topics as they were then, at the
   * latest after two seconds: with those that may not know them.
   */
  @Override
  public CompletionStage<List<String>> spread(TopicVersion version) {
    if (nameServers.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    if (waiting.incrementAndGet() > MOST_WAITERS) {
      waiting.decrementAndGet();
      return CompletableFuture.completedFuture(addresses(ignorant(version)));
    }
    CompletableFuture<List<String>> done = new CompletableFuture<>();
    waiters.add(new Waiter(version, ticker.millis() + SPREAD_MILLIS, done));
    topicsChanged();
    return done;
  }

  boolean isNew() {
    return isNew;
  }

  /** What is new from here on is for another turn. */
  void taken() {
    isNew = false;
  }

  /** Tells those who have waited long enough. */
  void release(long nowMillis) {
    for (Iterator<Waiter> it = waiters.iterator(); it.hasNext(); ) {
      Waiter waiter = it.next();
      List<NameServer> ignorant = ignorant(waiter.version);
      boolean hopeless = ignorant.stream().noneMatch(server -> server.reachable);
      if (hopeless || waiter.untilMillis <= nowMillis) {
        it.remove();
        waiting.decrementAndGet();
        waiter.done.complete(addresses(ignorant));
      }
    }
  }

  /** When the next one has waited long enough. */
  long nextMillis() {
    return waiters.stream().mapToLong(Waiter::untilMillis).min().orElse(Long.MAX_VALUE);
  }

  /** Those that may not know this state of the topics, or a newer one. */
  private List<NameServer> ignorant(TopicVersion version) {
    return nameServers.stream().filter(server -> !server.knows(version)).toList();
  }

  private static List<String> addresses(List<NameServer> servers) {
    return servers.stream().map(server -> server.address).toList();
  }
}
