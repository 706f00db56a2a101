package io.escrowmq.client.route;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.message.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of all topics that this client uses: asked for when first needed, asked for again from
 * time to time, and whenever one turned out to be wrong. Any thread; immutable routes are swapped.
 */
public final class Routes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /** What the whole cluster is known by among the topics: its route has brokers and no queue. */
  private static final String WHOLE_CLUSTER = "";

  /** How long name servers may take to hear of a topic that a send has created. */
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(2);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(20);

  private final NameServers nameServers;
  private final Timer timer;
  private final Map<String, Route> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Route>> asking = new ConcurrentHashMap<>();
  private final Set<String> created = ConcurrentHashMap.newKeySet(); // by us, not heard of
  private final Set<Search> searches = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Route>> listeners = new CopyOnWriteArrayList<>();
  private final PeriodicTask poll;
  private volatile boolean closed;

  /**
   * @param pollEvery pause between two looks at the routes of all known topics; too long sends to
   *     brokers that have left, too short bothers the name servers
   */
  public Routes(NameServers nameServers, Timer timer, Duration pollEvery) {
    this.nameServers = nameServers;
    this.timer = timer;
    this.poll = new PeriodicTask(timer, pollEvery, this::turn);
  }

  public void start() {
    poll.start();
  }

  /** Calls the listener with every route that is new or changed, on any thread; it must be quick. */
  public void onChange(Consumer<Route> listener) {
    listeners.add(listener);
  }

  /** The route if it is known already, else null. */
  public @Nullable Route known(String topic) {
    return known.get(topic);
  }

  /**
   * The route for consuming; fails with {@link TopicNotFoundException} when no broker has the topic.
   */
  public CompletionStage<Route> find(String topic) {
    Route route = known.get(topic);
    return route != null && !route.assumed()
        ? CompletableFuture.completedFuture(route)
        : refresh(topic);
  }

  /** A send by this route was confirmed, or will never be: an assumed topic may be there now. */
  public void mayHaveCreated(Route route) {
    if (route.assumed()) {
      created.add(route.topic());
    }
  }

  /**
   * As {@link #find}, but patient with a topic that this client has created and that no name server
   * knows yet: a broker answers the send that creates it before they have heard of it.
   */
  public CompletionStage<Route> findPatiently(String topic) {
    Search search = new Search(topic);
    searches.add(search);
    if (closed) {
      search.abandon();
    }
    search.look();
    return search.found.whenComplete((route, failure) -> searches.remove(search));
  }

  /** The route for sending: of a topic that is not there, the one that it would be created with. */
  public CompletionStage<Route> findForSending(String topic) {
    Route route = known.get(topic);
    if (route != null) {
      return CompletableFuture.completedFuture(route);
    }
    return refresh(topic)
        .handle((found, failure) -> failure == null
            ? CompletableFuture.completedFuture(found)
            : template(topic, Failures.unwrapped(failure)))
        .thenCompose(stage -> stage);
  }

  private CompletableFuture<Route> template(String topic, Throwable failure) {
    if (!(failure instanceof TopicNotFoundException)) {
      return CompletableFuture.failedFuture(failure);
    }
    return ask(TopicNames.AUTO_CREATE_TEMPLATE)
        .handle((wire, none) -> {
          if (none != null) {
            return CompletableFuture.<Route>failedFuture(failure); // what was asked for first
          }
          Route assumed = Route.assumed(topic, wire);
          update(assumed);
          return CompletableFuture.completedFuture(assumed);
        })
        .thenCompose(stage -> stage)
        .toCompletableFuture();
  }

  /**
   * Has all brokers of the cluster be known from now on, those too whose topics this client does not
   * use; who may be asked by any of them wants that. Ends with what is known now.
   */
  public CompletionStage<Route> findCluster() {
    known.putIfAbsent(WHOLE_CLUSTER, Route.ofCluster(Map.of()));
    return refresh(WHOLE_CLUSTER);
  }

  /** Asks again now; callers who ask at the same time share one request. */
  public CompletionStage<Route> refresh(String topic) {
    CompletableFuture<Route> mine = new CompletableFuture<>();
    CompletableFuture<Route> other = asking.putIfAbsent(topic, mine);
    if (other != null) {
      return other;
    }
    CompletionStage<Route> asked = topic.equals(WHOLE_CLUSTER)
        ? askForCluster()
        : ask(topic).thenApply(wire -> Route.of(topic, wire));
    asked.whenComplete((route, failure) -> {
      asking.remove(topic, mine);
      if (failure != null) {
        mine.completeExceptionally(Failures.unwrapped(failure));
        return;
      }
      update(route);
      mine.complete(route);
    });
    return mine;
  }

  private CompletionStage<Route> askForCluster() {
    String what = "asking for the brokers of the cluster";
    return nameServers
        .ask(Request.of(RequestCode.GET_BROKER_CLUSTER_INFO, WireHeader.NONE))
        .handle((answer, failure) -> {
          if (failure != null) {
            throw Failures.lost(what, nameServers.toString(), failure);
          }
          if (!answer.isOk()) {
            throw Failures.refused(what, nameServers.toString(), answer);
          }
          try {
            return Route.ofCluster(ClusterTable.read(answer.body()).brokers());
          } catch (BadInputException e) {
            throw Failures.lost(what, nameServers.toString(), e);
          }
        });
  }

  private CompletionStage<TopicRoute> ask(String topic) {
    Request request =
        Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, new GetRouteHeader(topic, true));
    String what = "asking for the route of " + topic;
    return nameServers.ask(request).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(what, nameServers.toString(), failure);
      }
      return read(topic, what, answer);
    });
  }

  private TopicRoute read(String topic, String what, Answer answer) {
    if (answer.code() == ResponseCode.TOPIC_NOT_EXIST.number()) {
      throw new TopicNotFoundException(
          "no broker has the topic " + topic + ", say the name servers " + nameServers
              + "; create it, or check its name",
          nameServers.toString(),
          null);
    }
    if (!answer.isOk()) {
      throw Failures.refused(what, nameServers.toString(), answer);
    }
    try {
      return TopicRoute.read(answer.body());
    } catch (BadInputException e) {
      throw Failures.lost(what, nameServers.toString(), e);
    }
  }

  private void update(Route route) {
    Route before = known.put(route.topic(), route);
    if (!route.assumed()) {
      created.remove(route.topic());
    }
    if (!route.equals(before)) {
      LOG.debug("the route is now {}", route);
      listeners.forEach(listener -> listener.accept(route));
    }
  }

  private void turn() {
    for (String topic : known.keySet()) {
      refresh(topic).whenComplete((route, failure) -> {
        if (failure instanceof EscrowException) {
          LOG.debug("kept the route of {}: {}", topic, failure.getMessage());
        }
      });
    }
  }

  /** The master's address, or null when no route names one. */
  public @Nullable String master(String brokerName) {
    return address(brokerName, Route.MASTER);
  }

  /** The address of this broker id; another one's of the same name if there is none; or null. */
  public @Nullable String anyOf(String brokerName, long brokerId) {
    String wanted = address(brokerName, brokerId);
    if (wanted != null) {
      return wanted;
    }
    for (Route route : known.values()) {
      for (String address : route.brokers().getOrDefault(brokerName, Map.of()).values()) {
        return address;
      }
    }
    return null;
  }

  private @Nullable String address(String brokerName, long brokerId) {
    for (Route route : known.values()) {
      String address = route.brokers().getOrDefault(brokerName, Map.of()).get(brokerId);
      if (address != null) {
        return address;
      }
    }
    return null;
  }

  /** The masters that any route names: broker name to "host:port". */
  public Map<String, String> masters() {
    Map<String, String> masters = new TreeMap<>();
    for (Route route : known.values()) {
      route.brokers().forEach((name, addresses) -> {
        String master = addresses.get(Route.MASTER);
        if (master != null) {
          masters.put(name, master);
        }
      });
    }
    return masters;
  }

  /** The addresses of all brokers that any route names, or of their masters only. */
  public Set<String> brokers(boolean mastersOnly) {
    Set<String> addresses = new TreeSet<>();
    for (Route route : known.values()) {
      for (Map<Long, String> broker : route.brokers().values()) {
        broker.forEach((id, address) -> {
          if (id == Route.MASTER || !mastersOnly) {
            addresses.add(address);
          }
        });
      }
    }
    return addresses;
  }

  @Override
  public void close() {
    poll.close();
    closed = true;
    searches.forEach(Search::abandon);
  }

  /** Looks for the route of one topic again and again. Its looks follow each other. */
  private final class Search {

    private final String topic;
    private final long deadlineNanos = timer.nanoTime() + HEARD_WITHIN.toNanos();
    private final CompletableFuture<Route> found = new CompletableFuture<>();

    Search(String topic) {
      this.topic = topic;
    }

    void look() {
      find(topic).whenComplete((route, failure) -> {
        if (failure == null) {
          found.complete(route);
        } else if (mayComeSoon(failure)) {
          timer.after(LOOK_AGAIN_AFTER, this::look);
        } else {
          found.completeExceptionally(Failures.unwrapped(failure));
        }
      });
    }

    private boolean mayComeSoon(Throwable failure) {
      return created.contains(topic)
          && Failures.unwrapped(failure) instanceof TopicNotFoundException
          && timer.nanoTime() - deadlineNanos < 0;
    }

    void abandon() {
      found.completeExceptionally(Failures.closed("the client"));
    }
  }
}
