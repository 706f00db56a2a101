package io.escrowmq.broker;

import io.escrowmq.broker.core.BrokerClock;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.replica.FollowerSettings;
import io.escrowmq.broker.replica.GroupMember;
import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.broker.replica.LedLog;
import io.escrowmq.broker.replica.LogFollower;
import io.escrowmq.broker.replica.LogServer;
import io.escrowmq.broker.route.RouteNews;
import io.escrowmq.broker.route.RouteRegistration;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Requests;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Profile;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.state.StateFiles;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker that is one of a group of replicas: a controller says which of them leads, and that one serves clients, under
 * the name that all have. The others copy its log. Owner: whoever starts it.
 */
public final class Replica implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private static final int MOST_BACKGROUND_TASKS = 1 << 16;
  private static final long HAND_OVER_NANOS = 1_000_000_000;

  private final BrokerSettings settings;
  private final GroupSettings group;
  private final FileSystem files;
  private final Network network;
  private final BrokerClock clock;
  private final Surroundings surroundings;
  private final Consumer<String> whenFailed;
  private final Started started = new Started();
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final CompletableFuture<Void> steppedDown = new CompletableFuture<>();
  private final Worker routeWorker;
  private final Worker roleWorker;
  private @Nullable GroupMember member;
  private volatile @Nullable RoleLoop role;
  private volatile @Nullable LogServer logServer;
  private volatile @Nullable RouteRegistration registration;
  private volatile @Nullable CurrentCore current;
  private volatile @Nullable InetSocketAddress address;
  private volatile boolean isServing;

  /** @param whenFailed is told, once, why it neither leads nor follows any more; it is to be closed then */
  public Replica(
      BrokerSettings settings,
      GroupSettings group,
      Machine<FileSystem> machine,
      Consumer<String> whenFailed) {
    this.settings = settings;
    this.group = group;
    this.whenFailed = whenFailed;
    this.files = machine.files();
    this.network = machine.network();
    Surroundings around = machine.surroundings();
    this.clock = new BrokerClock(around.clock(), around.ticker());
    this.surroundings = around.withTime(clock, clock.ticker());
    this.routeWorker = surroundings.worker("route-loop");
    this.roleWorker = surroundings.worker("role-loop");
  }

  /**
   * Starts: when it returns, its log is open, and the controller is asked who leads, again and again. Fails with an
   * exception whose message says what stands in the way; what was started is stopped again then.
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
    started.add(files.lock(settings.storeDirectory().resolve("lock")));
    Pool background = surroundings.loops().pool("background", 1, MOST_BACKGROUND_TASKS);
    started.add(background);
    Pool leaving = surroundings.loops().pool("leaving", 1, 1);
    started.add(leaving);
    RemotingClient client = network.client(RequestTable.of(), RemotingSettings.forClient());
    started.add(client);
    RouteNews news = new RouteNews(settings.namesrvAddresses(), surroundings.ticker(), routeWorker);
    RemotingServer server = network.server(
        settings.listen(),
        bound -> prepare(bound, background, client, news),
        RemotingSettings.forServer(Runtime.getRuntime().availableProcessors())
            .withMaxHeldBytes(network.memoryPart(2)));
    started.add(this::closeCore);
    started.add(server);
    server.start();
    address = server.address();
    NetworkMetrics.register(current().host().metrics(), server.counts());
    LogServer serving = new LogServer(
        group.listen(), group.secret(), settings.name(), network, surroundings, this::led);
    logServer = serving;
    started.add(serving);
    serving.start();
    started.add(this::stopCore);
    startRole();
    started.add(this::unregister);
    started.add(server::stopAccepting);
    routeWorker.start(registration());
    CompletableFuture<Void> unused =
        failure.thenAccept(reason -> leaving.execute(() -> whenFailed.accept(reason)));
  }

  private Requests prepare(
      InetSocketAddress bound, Pool background, RemotingClient client, RouteNews news) {
    HeapBudget heap = HeapBudget.of(Runtime.getRuntime().maxMemory());
    CorePlan plan = new CorePlan(
        settings,
        BrokerHost.of(settings, bound, news, ZoneId.systemDefault(), surroundings, heap),
        files,
        new StateFiles(files, settings.storeDirectory().resolve("state")),
        background,
        surroundings,
        heap,
        LogEngine.maker(
            new LogEngine.Awaited(
                settings.flush() == FlushMode.SYNC, true, this::isSafer, this::shortage),
            surroundings,
            failure::complete,
            this::wrote));
    CurrentCore core = new CurrentCore(plan, clock::goOnFrom, () -> serve(true), failure::complete);
    current = core;
    RouteRegistration routes = new RouteRegistration(
        plan.host().identity(), news, core::topics, client, surroundings.ticker());
    routes.serve(false);
    registration = routes;
    return core.requests();
  }

  private void startRole() {
    CurrentCore core = current();
    GroupMember joining = new GroupMember(
        settings.name(),
        group,
        profile(core.host()),
        files,
        settings.storeDirectory(),
        network,
        surroundings,
        new Told());
    RoleLoop loop =
        new RoleLoop(joining, core, this::follow, roleWorker, this::serve, failure::complete);
    member = joining;
    role = loop;
    loop.open();
    started.add(roleWorker);
    roleWorker.start(loop);
    started.add(joining);
    joining.start();
    started.add(() -> handOver(joining, loop));
  }

  private Profile profile(BrokerHost host) {
    return new Profile(
        host.identity().address(),
        AdvertisedAddress.text(AdvertisedAddress.of(group.advertised(), replicationAddress())),
        group.rack(),
        group.priority());
  }

  private LogFollower follow(FollowerSettings whom, FollowedCore copy) {
    LogFollower follower = new LogFollower(whom, copy, network, surroundings, failure::complete);
    follower.start();
    return follower;
  }

  // What the session hears and asks, on its thread
  private final class Told implements GroupMember.Role {

    @Override
    public LogEnd logEnd() {
      return role().logEnd();
    }

    @Override
    public void heard(GroupState state) {
      role().heard(state);
    }

    @Override
    public @Nullable AlterInSync proposal() {
      return role().proposal();
    }

    @Override
    public void isRefused(String why) {
      failure.complete(why);
    }
  }

  // What the log tells, in its turn or that of its flush loop

  private void isSafer() {
    RoleLoop now = role;
    if (now != null) {
      now.wrote();
    }
  }

  private void wrote() {
    LogServer serving = logServer;
    if (serving != null) {
      serving.wrote();
    }
  }

  private @Nullable Refusal shortage() {
    RoleLoop now = role;
    return now == null ? null : now.shortage();
  }

  private @Nullable LedLog led() {
    RoleLoop now = role;
    return now == null ? null : now.led();
  }

  // Quick, on any thread
  private void serve(boolean serves) {
    LOG.info(serves ? "clients are served from now on" : "clients are not served any more");
    isServing = serves;
    registration().serve(serves);
    if (!serves) {
      steppedDown.complete(null);
    }
  }

  // Another replica goes on at once, instead of after a silence. If none can, nothing is lost.
  private void handOver(GroupMember joined, RoleLoop loop) {
    if (loop.hasHeirs()) {
      joined.resign();
      try {
        surroundings.loops().await(steppedDown, HAND_OVER_NANOS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // an interrupt asks for a quick end
      }
    }
  }

  private void unregister() {
    routeWorker.close();
    if (isServing) {
      CompletionStage<Void> unused = registration().unregister();
    }
  }

  private void stopCore() {
    current().stop();
  }

  private void closeCore() {
    RoleLoop opened = role;
    if (opened != null) {
      opened.close();
    }
    current().close();
    GroupMember its = member;
    if (its != null && failure() == null) {
      its.closed();
    }
  }

  /** Where it listens for clients; the port is the real one when 0 was asked for. */
  public InetSocketAddress address() {
    return started(address);
  }

  /** Where it listens for replicas; the port is the real one when 0 was asked for. */
  public InetSocketAddress replicationAddress() {
    return started(logServer).address();
  }

  /** Whether it leads, and serves clients. */
  public boolean isServing() {
    return isServing;
  }

  /** Why it neither leads nor follows any more; null while all is well. */
  public @Nullable String failure() {
    return failure.getNow(null);
  }

  /** Hands over, if it leads; makes everything durable, and lets go of the directory. */
  @Override
  public void close() {
    started.close();
  }

  private CurrentCore current() {
    return started(current);
  }

  private RouteRegistration registration() {
    return started(registration);
  }

  private RoleLoop role() {
    return started(role);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the replica is not started");
    }
    return part;
  }
}
