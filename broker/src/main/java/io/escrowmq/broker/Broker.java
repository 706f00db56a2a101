package io.escrowmq.broker;

import io.escrowmq.broker.core.BrokerClock;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.replica.CountByHand;
import io.escrowmq.broker.replica.LedLog;
import io.escrowmq.broker.replica.LogServer;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.broker.route.RouteNews;
import io.escrowmq.broker.route.RouteRegistration;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Requests;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.state.StateFiles;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One broker: opens its store, starts its parts in order, stops them in reverse. */
public final class Broker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

  private static final int VIP_DISTANCE = 2;
  private static final int MOST_BACKGROUND_TASKS = 1 << 16;

  private final BrokerSettings settings;
  private final FileSystem files;
  private final BrokerClock clock;
  private final Network network;
  private final Surroundings surroundings;
  private final Deque<AutoCloseable> started = new ArrayDeque<>(); // the last one first
  private final Worker routeWorker;
  private @Nullable CurrentCore core;
  private @Nullable RouteRegistration registration;
  private volatile @Nullable InetSocketAddress address;
  private volatile @Nullable LogServer followers;
  private volatile @Nullable LedLog led; // by hand: the last one that followers asked for
  private final AtomicBoolean isTurningRoutes = new AtomicBoolean();
  private final Consumer<String> whenFailed;

  /** A broker that does not tell why it stopped for good. */
  public Broker(BrokerSettings settings, Machine<FileSystem> machine) {
    this(settings, machine, reason -> {});
  }

  /**
   * @param whenFailed is told, once, why the broker stopped for good after its start. It has left the
   *     routes then and takes no new connection; nothing is left to do but to close it
   */
  public Broker(BrokerSettings settings, Machine<FileSystem> machine, Consumer<String> whenFailed) {
    this.settings = settings;
    this.whenFailed = whenFailed;
    this.files = machine.files();
    this.network = machine.network();
    Surroundings around = machine.surroundings();
    this.clock = new BrokerClock(around.clock(), around.ticker());
    this.surroundings = around.withTime(clock, clock.ticker());
    this.routeWorker = surroundings.worker("route-loop");
  }

  /**
   * Starts: when it returns, clients that know the address can send and pull, and the name servers
   * have been told. Fails with an exception whose message says what stands in the way; what was
   * started is stopped again then.
   */
  public void start() {
    try {
      startInOrder();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startInOrder() {
    if (!files.exists(settings.storeDirectory())) {
      files.createDurably(settings.storeDirectory());
    }
    started.push(files.lock(settings.storeDirectory().resolve("lock")));

    Pool background = surroundings.loops().pool("background", 1, MOST_BACKGROUND_TASKS);
    started.push(background);

    RemotingClient client = network.client(RequestTable.of(), RemotingSettings.forClient());
    started.push(client);

    Pool leaving = surroundings.loops().pool("leaving", 1, 1);
    started.push(leaving);
    CompletableFuture<String> failure = new CompletableFuture<>();
    started.push(this::closeCore); // when nothing reads from the log any more
    Function<InetSocketAddress, CurrentCore> recover =
        bound -> recover(bound, client, background, failure);
    // Until the log is open, clients shall be refused and go elsewhere: they would wait in vain,
    // and
    // what they have given up would be done all the same.
    CurrentCore early = settings.listen().getPort() == 0 ? null : recover.apply(settings.listen());
    RemotingServer server = network.server(
        settings.listen(),
        bound -> started(early == null ? recover.apply(bound) : early),
        RemotingSettings.forServer(Runtime.getRuntime().availableProcessors())
            .withMaxHeldBytes(network.memoryPart(2)));
    started.push(server);
    started.push(this::stopServingLog); // followers get what is written while the core stops
    started.push(this::stopCore);
    server.start();
    serveLog();
    NetworkMetrics.register(core().host().metrics(), server.counts());
    listenForVips(server);
    address = server.address();
    beFound();
    started.push(this::unregister);
    started.push(server::stopAccepting);
    if (failure.isDone()) {
      throw new IllegalStateException(failure.join());
    }
    // Not in the log's turn, in which the reason is told: to leave the routes takes its time.
    CompletableFuture<Void> unused =
        failure.thenAccept(reason -> leaving.execute(() -> leave(server, reason)));
  }

  // Clients shall not be sent here before they are served.
  private void beFound() {
    if (!core().isOpen()) {
      LOG.info("clients are served when enough followers have what is in the log");
      return;
    }
    CompletionStage<Void> registered = registration().registerNow();
    if (isTurningRoutes.compareAndSet(false, true)) {
      routeWorker.start(registration());
    }
    awaitQuietly(registered, "not registered yet");
  }

  // On a thread that must not wait.
  private void opened() {
    if (address != null && isTurningRoutes.compareAndSet(false, true)) {
      LOG.info("enough followers have what is in the log, clients are served from now on");
      try {
        routeWorker.start(registration());
      } catch (RuntimeException | Error e) { // no thread, say: it is tried again
        isTurningRoutes.set(false);
        throw e;
      }
    }
  }

  private LogEngine.Awaited awaited() {
    ReplicationSettings replication = settings.replication();
    return new LogEngine.Awaited(
        settings.flush() == FlushMode.SYNC,
        replication != null && replication.isSynchronous(),
        () -> {},
        this::shortage);
  }

  private @Nullable Refusal shortage() {
    LedLog now = led;
    return now == null ? null : now.count().shortage();
  }

  // Followers are counted anew for each log.
  private @Nullable LedLog led(ReplicationSettings replication) {
    CurrentCore current = core();
    CommitLog log = current.log();
    LedLog known = led;
    if (log == null) {
      return null;
    }
    if (known != null && known.log() == log) {
      return known;
    }
    LedLog opened = new LedLog(
        log,
        new CountByHand(
            log, replication.leastReplicas(), surroundings.ticker(), current::committed));
    led = opened;
    return opened;
  }

  private void serveLog() {
    ReplicationSettings replication = settings.replication();
    if (replication != null) {
      LedLog unused = led(replication); // new messages are refused from the start
      LogServer serving = new LogServer(
          replication.listen(),
          replication.secret(),
          settings.name(),
          network,
          surroundings,
          () -> led(replication));
      followers = serving;
      serving.start();
    }
  }

  private void stopServingLog() {
    LogServer serving = followers;
    if (serving != null) {
      serving.close();
    }
  }

  // In the log's turn
  private void wrote() {
    LogServer serving = followers;
    if (serving != null) {
      serving.wrote();
    }
  }

  private CurrentCore recover(
      InetSocketAddress bound,
      RemotingClient client,
      Executor background,
      CompletableFuture<String> failure) {
    RouteNews news = new RouteNews(settings.namesrvAddresses(), surroundings.ticker(), routeWorker);
    HeapBudget heap = HeapBudget.of(Runtime.getRuntime().maxMemory());
    CurrentCore opened = new CurrentCore(
        new CorePlan(
            settings,
            BrokerHost.of(settings, bound, news, ZoneId.systemDefault(), surroundings, heap),
            files,
            new StateFiles(files, settings.storeDirectory().resolve("state")),
            background,
            surroundings,
            heap,
            LogEngine.maker(awaited(), surroundings, failure::complete, this::wrote)),
        clock::goOnFrom,
        this::opened,
        failure::complete);
    core = opened;
    opened.recover();
    registration = new RouteRegistration(
        opened.host().identity(), news, opened::topics, client, surroundings.ticker());
    return opened;
  }

  private static Requests started(CurrentCore recovered) {
    recovered.start();
    return recovered.requests();
  }

  private void stopCore() {
    CurrentCore opened = core;
    if (opened != null) {
      opened.stop();
    }
  }

  private void closeCore() {
    CurrentCore opened = core;
    if (opened != null) {
      opened.close();
    }
  }

  /**
   * Closes the log and everything made of it, and opens it again: connections, queue locks, statistics and
   * the listening sockets stay. Requests are refused meanwhile, and clients try again. Not beside a start,
   * a close or another call.
   *
   * @throws RuntimeException as {@link #start}; nothing is open then, and all is refused until it is closed
   */
  void reopen() {
    core().reopen();
  }

  // Tells the name servers nothing more but that this broker goes.
  private void unregister() {
    routeWorker.close();
    awaitQuietly(registration().unregister(), "not unregistered");
  }

  // Clients go elsewhere, since name servers no longer name this broker.
  private void leave(RemotingServer server, String reason) {
    try {
      server.stopAccepting();
      unregister();
    } catch (RuntimeException e) {
      LOG.warn("the broker could not leave the routes: {}", e.toString());
    } finally {
      whenFailed.accept(reason);
    }
  }

  /** Clients with the "VIP channel" switched on send to the port that is two below the one they know. */
  private void listenForVips(RemotingServer server) {
    int port = settings.listen().getPort() - VIP_DISTANCE;
    if (!settings.network().vipChannel() || port < 1) {
      return; // also when any free port will do: clients cannot know which
    }
    try {
      server.alsoListen(new InetSocketAddress(settings.listen().getAddress(), port));
    } catch (RemotingException e) {
      LOG.warn(
          "clients with the VIP channel switched on cannot send: {}; choose another port for"
              + " broker.listen, or switch broker.vip-channel off",
          e.getMessage());
    }
  }

  // A name server that cannot be reached now is tried again later; the start does not wait for it.
  private void awaitQuietly(CompletionStage<Void> stage, String failed) {
    try {
      surroundings.loops().await(stage.toCompletableFuture());
    } catch (ExecutionException e) {
      LOG.warn("{}: {}", failed, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // an interrupt asks for a quick end
    }
  }

  /** Where it listens; the port is the real one when 0 was asked for. */
  public InetSocketAddress address() {
    InetSocketAddress bound = address;
    if (bound == null) {
      throw new IllegalStateException("the broker is not started");
    }
    return bound;
  }

  /** Where followers are served; the port is the real one when 0 was asked for. */
  public InetSocketAddress replicationAddress() {
    LogServer serving = followers;
    if (serving == null) {
      throw new IllegalStateException("the broker serves its log to nobody");
    }
    return serving.address();
  }

  /** Why the broker takes nothing any more; null while all is well. For supervisors and probes. */
  public @Nullable String failure() {
    CurrentCore opened = core;
    return opened == null ? null : opened.failure();
  }

  /** Stops taking requests, answers those it has, makes everything durable, says goodbye. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable last = started.pop();
      try {
        last.close();
      } catch (Exception e) {
        LOG.warn("while stopping: {}", e.toString(), e);
      }
    }
  }

  private CurrentCore core() {
    return opened(core);
  }

  private RouteRegistration registration() {
    return opened(registration);
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the broker is not started");
    }
    return part;
  }
}
