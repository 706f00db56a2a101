package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.DriverConnection;
import io.escrowmq.systemtests.driver.RocketDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The processes that all tests share: one server with name server and broker, one driver for each kind of client,
 * each started when the first test asks for it and ended after the last. Any thread.
 */
final class TestBed implements AutoCloseable {

  private static final Duration CALL_DEADLINE = Duration.ofSeconds(60);

  /** Resource lock of the classes that start servers themselves: one such class at a time. */
  static final String OWN_SERVERS = "own servers";

  /** The same for those that are about transactions: so two are at it at most. */
  static final String OWN_SERVERS_FOR_TRANSACTIONS = "own servers for transactions";

  /** So that no test waits long to be asked, and what nobody decides is given up within seconds. */
  private static final Map<String, String> SHARED_SETTINGS = Map.of(
      "tx.first-check", "1s",
      "tx.check-every", "1s",
      "tx.check-max-pause", "1s",
      "tx.max-checks", "6",
      "tx.group-max-open-bytes", "8MiB");

  private final Target target = Target.chosen();
  // one directory a run, so that a failed run can be looked at and never disturbs the next
  private final Path directory = Path.of(
      System.getProperty("systemtests.directory", "target/processes"),
      "run-" + ProcessHandle.current().pid());
  private final AtomicInteger names = new AtomicInteger();
  private final Map<ClientKind, DriverProcess> drivers = new EnumMap<>(ClientKind.class);
  private final List<DriverProcess> extraDrivers = new ArrayList<>();
  private final List<ServerProcess> servers = new ArrayList<>();
  private @Nullable ServerProcess shared;

  TestBed() {
    // the build may be interrupted: no server shall be left behind
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "test-bed-close"));
  }

  /** A name that nothing in this run has had: topic, group, client, directory. */
  String fresh(String word) {
    return word + "-" + names.incrementAndGet();
  }

  /** The cluster that all brokers here belong to. */
  String cluster() {
    return target.cluster();
  }

  /** The server that tests share; started on the first call. */
  synchronized ServerProcess server() {
    if (shared == null) {
      shared = target.both(directory.resolve("server"), SHARED_SETTINGS);
      started(shared);
    }
    if (!shared.isAlive()) {
      throw new IllegalStateException("the shared server has ended; see " + directory);
    }
    return shared;
  }

  /** A name server and a broker for one test, in one process if the target can do that. */
  ServerProcess startBoth(String word, Map<String, String> settings) {
    return started(target.both(directory.resolve(fresh(word)), settings));
  }

  /** The same, with its store on a disk of its own. */
  ServerProcess startBothOn(StoreDisk disk, Map<String, String> settings) {
    return started(target.bothOn(disk, directory.resolve(fresh("own-disk")), settings));
  }

  ServerProcess startNamesrv() {
    return started(target.namesrv(directory.resolve(fresh("namesrv"))));
  }

  ServerProcess startBroker(String nameServer, String brokerName) {
    return started(target.broker(directory.resolve(fresh(brokerName)), nameServer, brokerName));
  }

  /** Replicas of one broker, with a name server and controller. Only of this project. */
  ServerProcess startReplicas(String word, int count, String flush) {
    Path home = directory.resolve(fresh(word));
    Path secret = home.resolve("secret").toAbsolutePath();
    try {
      Files.createDirectories(home);
      Files.writeString(secret, "what replicas of a test know");
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    ServerProcess controller =
        started(EscrowmqTarget.controller(home.resolve("controller").toAbsolutePath(), secret));
    List<ServerProcess> replicas = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      replicas.add(EscrowmqTarget.replica(
          home.resolve("replica-" + number).toAbsolutePath(),
          controller.nameServer(),
          secret,
          flush));
    }
    return started(new ReplicaServers(controller, replicas));
  }

  private synchronized ServerProcess started(ServerProcess server) {
    servers.add(server);
    server.start();
    return server;
  }

  /** A driver besides the shared one of its kind, for a test that kills it. */
  synchronized DriverProcess startDriver(ClientKind kind) {
    DriverProcess started = startDriver(kind, fresh("driver-" + kind));
    extraDrivers.add(started);
    return started;
  }

  /** Clients of this kind, on the shared server. */
  Clients clients(ClientKind kind) {
    return clients(kind, server());
  }

  Clients clients(ClientKind kind, ServerProcess server) {
    return new Clients(this, driver(kind), server);
  }

  /** Clients in this process, on the server that others use. */
  Clients clients(DriverProcess driver, Clients others) {
    return new Clients(this, driver.calls(), others.server());
  }

  synchronized RocketDriver driver(ClientKind kind) {
    return drivers
        .computeIfAbsent(kind, one -> startDriver(one, "driver-" + one))
        .calls();
  }

  private DriverProcess startDriver(ClientKind kind, String name) {
    Path home = directory.resolve(name);
    writeQuietLogging(home.resolve("conf"));
    List<String> line = List.of(
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Drocketmq.home.dir=" + home,
        "-Drocketmq.serialize.type=" + kind.headers(),
        // how soon a consumer takes a queue that it was refused a moment ago
        "-Drocketmq.client.rebalance.waitInterval=1000",
        "-Drocketmq.client.rebalance.lockInterval=1000",
        "io.escrowmq.systemtests.driver.DriverMain");
    JavaProcess process =
        new JavaProcess(home, ClassPaths.driver(kind.version()), line, Map.of(), true, List.of());
    try {
      return new DriverProcess(
          process,
          DriverConnection.connect(
              process.handle().getOutputStream(),
              process.handle().getInputStream(),
              CALL_DEADLINE));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** mqadmin of 4.9 does nothing without a logging configuration in its home. */
  private static void writeQuietLogging(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("logback_tools.xml"), "<configuration/>");
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public synchronized void close() {
    drivers.values().forEach(DriverProcess::kill);
    extraDrivers.forEach(DriverProcess::kill);
    servers.forEach(ServerProcess::close);
  }

  /** Hands the one test bed of a run to every constructor or method that has it as a parameter. */
  static final class SharedBed implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == TestBed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return extension
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(TestBed.class, type -> new TestBed(), TestBed.class);
    }
  }
}
