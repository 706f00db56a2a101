package io.escrowmq.broker.route;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.DataVersionResponseHeader;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import io.escrowmq.remoting.header.RegisterBrokerHeader;
import io.escrowmq.remoting.header.RegisterBrokerResponseHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UnregisterBrokerHeader;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every name server informed: registers at the start, tells changes of topics at once, asks
 * every few seconds whether the name server still knows (which renews the lease), and registers
 * again when it does not, and when the connection was lost. Owner: the route loop.
 */
public final class RouteRegistration implements Loop {

  private static final long ASK_EVERY_MILLIS = 10_000;
  private static final long TRY_AGAIN_MILLIS = 1_000;
  private static final long LEASE_MILLIS = 120_000;
  private static final int MOST_SINGLE_TOPICS = 16; // beyond it, all are told in one request
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final BrokerIdentity broker;
  private final RouteNews news;
  private final Supplier<TopicsToRegister> topics;
  private final RemotingClient client;
  private final Ticker ticker;
  private volatile boolean isServing = true;

  /**
   * @param topics those of the core that was opened last
   */
  public RouteRegistration(
      BrokerIdentity broker,
      RouteNews news,
      Supplier<TopicsToRegister> topics,
      RemotingClient client,
      Ticker ticker) {
    this.broker = broker;
    this.news = news;
    this.topics = topics;
    this.client = client;
    this.ticker = ticker;
  }

  /** Registers everywhere, for the start; completes when all have answered or failed. */
  public CompletionStage<Void> registerNow() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (NameServer server : news.nameServers()) {
      client.onLost(server.address, () -> lost(server));
      all.add(begin(server, () -> register(server)).toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
  }

  /**
   * Whether clients are to come here. When they are not any more, name servers are told that the broker goes; from then
   * on they hear nothing of it, until they are.
   */
  public void serve(boolean serves) {
    isServing = serves;
    for (NameServer server : news.nameServers()) {
      server.known = null;
      client.onLost(server.address, () -> lost(server));
    }
    if (!serves) {
      CompletionStage<Void> unused = unregister();
    }
    news.topicsChanged();
  }

  /** Tells every name server that this broker goes; completes when they have answered, or soon. */
  public CompletionStage<Void> unregister() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (NameServer server : news.nameServers()) {
      Request farewell = Request.of(
          RequestCode.UNREGISTER_BROKER,
          new UnregisterBrokerHeader(
              broker.name(), broker.address(), broker.cluster(), broker.id()));
      all.add(client
          .call(server.address, farewell, FAREWELL)
          .handle((answer, failure) -> answer)
          .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public int turn() {
    news.taken();
    long now = ticker.millis();
    news.release(now);
    if (!isServing) {
      return 0;
    }
    TopicVersion current = topics.get().version();
    int started = 0;
    for (NameServer server : news.nameServers()) {
      if (server.busy) {
        continue;
      }
      boolean isNews = !current.equals(server.known);
      if (isNews && (server.reachable || server.nextMillis <= now)) {
        CompletionStage<Void> unused = begin(server, () -> tell(server, current));
        started++;
      } else if (server.nextMillis <= now) {
        CompletionStage<Void> unused = begin(server, () -> ask(server));
        started++;
      }
    }
    return started;
  }

  @Override
  public boolean hasWork() {
    return news.isNew();
  }

  @Override
  public long nextMillis() {
    long next = news.nextMillis();
    for (NameServer server : news.nameServers()) {
      next = Math.min(next, server.busy || !isServing ? Long.MAX_VALUE : server.nextMillis);
    }
    return next;
  }

  // Whatever is thrown in making a request, or in reading its answer, the next one comes: a name
  // server
  // that is not told any more forgets this broker.
  private CompletionStage<Void> begin(NameServer server, Supplier<CompletionStage<?>> request) {
    server.busy = true;
    CompletionStage<?> told;
    try {
      told = request.get();
    } catch (RuntimeException e) {
      told = CompletableFuture.failedFuture(e);
    }
    return told.handle((done, failure) -> {
      if (failure != null) {
        server.failed(failure);
        settle(server, TRY_AGAIN_MILLIS);
      }
      return null;
    });
  }

  /** Tells what has changed, if the name server takes that, or else everything. */
  private CompletionStage<?> tell(NameServer server, TopicVersion current) {
    TopicVersion known = server.known;
    TopicUpdates changes =
        known == null || server.leftOut > 0 ? null : topics.get().changes(known, current);
    if (changes != null && server.takesChanges) {
      return change(server, current, changes);
    }
    return changes != null && server.takesSingleTopics && isForSingleTopics(changes)
        ? addTopics(server, current, changes)
        : register(server);
  }

  private CompletionStage<?> change(NameServer server, TopicVersion version, TopicUpdates changes) {
    Request request = new Request(RequestCode.CHANGE_TOPICS, asker(), changes.toBody());
    return client.call(server.address, request, TIMEOUT).handle((answer, failure) -> {
      if (isNotSupported(answer)) { // one of RocketMQ's
        server.takesChanges = false;
        settle(server, ASK_EVERY_MILLIS);
        return null;
      }
      boolean done = server.isDone("tell changed topics", answer, failure);
      if (!done) {
        server.known = null;
      } else {
        DataVersionResponseHeader said = DataVersionResponseHeader.FIELDS.read(answer.fields());
        server.known = said.changed() ? null : version;
        server.warnOfTwo(broker, said.occupant(), ticker.millis());
      }
      settle(server, done ? ASK_EVERY_MILLIS : TRY_AGAIN_MILLIS);
      return null;
    });
  }

  private static boolean isForSingleTopics(TopicUpdates changes) {
    return changes.gone().isEmpty() && changes.topics().size() <= MOST_SINGLE_TOPICS;
  }

  /**
   * RocketMQ's name servers cannot be told changes, but those of 5.x take single topics. Their version
   * stays what it was, so the next question is answered with "changed", and all topics are told then.
   */
  private CompletionStage<?> addTopics(
      NameServer server, TopicVersion version, TopicUpdates changes) {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    changes.topics().forEach((name, topic) -> {
      QueueEntry queues = new QueueEntry(
          broker.name(), topic.readQueues(), topic.writeQueues(), topic.permission(), 0);
      Request request = new Request(
          RequestCode.REGISTER_TOPIC_IN_NAMESRV,
          new TopicHeader(name),
          new TopicRoute(List.of(queues), List.of(), null).toBody());
      all.add(client
          .call(server.address, request, TIMEOUT)
          .handle((answer, failure) -> answer != null && answer.isOk())
          .toCompletableFuture());
    });
    CompletableFuture<?> answered =
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    return answered.thenRun(() -> {
      boolean done = all.stream().allMatch(CompletableFuture::join);
      if (done) {
        server.known = version;
      }
      server.takesSingleTopics = done;
      settle(server, Math.max(0, server.nextMillis - ticker.millis()));
    });
  }

  private static boolean isNotSupported(@Nullable Answer answer) {
    return answer != null && answer.isNotSupported();
  }

  private QueryDataVersionHeader asker() {
    return new QueryDataVersionHeader(
        broker.name(), broker.address(), broker.cluster(), broker.id());
  }

  private CompletionStage<?> register(NameServer server) {
    TopicVersion version = topics.get().version();
    TopicsToRegister.RegistrationBody told = topics.get().registration(version);
    byte[] body = told.body();
    RegisterBrokerHeader header = new RegisterBrokerHeader(
        broker.name(),
        broker.address(),
        broker.cluster(),
        broker.address(),
        broker.id(),
        LEASE_MILLIS,
        false,
        true,
        Registration.crc(body),
        true,
        null);
    Request request = new Request(RequestCode.REGISTER_BROKER, header, Body.of(body));
    return client.call(server.address, request, TIMEOUT).handle((answer, failure) -> {
      boolean done = server.isDone("register", answer, failure);
      server.known = done ? version : null;
      if (done) {
        RegisterBrokerResponseHeader said =
            RegisterBrokerResponseHeader.FIELDS.read(answer.fields());
        server.warnOfLeftOut(told.leftOut() + said.leftOut());
        server.warnOfTwo(broker, said.displaced(), ticker.millis());
      }
      settle(server, done ? ASK_EVERY_MILLIS : TRY_AGAIN_MILLIS);
      return null;
    });
  }

  private CompletionStage<?> ask(NameServer server) {
    TopicVersion version = topics.get().version();
    Request request = new Request(
        RequestCode.QUERY_DATA_VERSION, asker(), Body.of(topics.get().versionBody(version)));
    return client.call(server.address, request, TIMEOUT).handle((answer, failure) -> {
      boolean done = server.isDone("ask", answer, failure);
      if (!done) {
        server.known = null;
      } else {
        DataVersionResponseHeader said = DataVersionResponseHeader.FIELDS.read(answer.fields());
        server.known = said.changed() ? null : server.known;
        server.warnOfTwo(broker, said.occupant(), ticker.millis());
      }
      settle(server, done ? ASK_EVERY_MILLIS : TRY_AGAIN_MILLIS);
      return null;
    });
  }

  // It may come back knowing nothing: it is told at once, not asked within some seconds.
  private void lost(NameServer server) {
    server.forget();
    news.topicsChanged();
  }

  private void settle(NameServer server, long pauseMillis) {
    server.nextMillis = ticker.millis() + pauseMillis;
    server.busy = false;
    news.topicsChanged();
  }
}
