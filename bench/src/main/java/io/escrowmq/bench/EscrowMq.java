package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * EscrowMQ as a user starts it: {@code bin/escrowmq server}, name server and broker in one process. It stands under one name
 * with RocketMQ's client, under another with its own.
 */
final class EscrowMq implements SystemUnderTest {
  static final String NAME = "escrowmq";
  static final String WITH_OWN_CLIENT = "escrowmq-client";

  private static final String VARIABLES = "ESCROWMQ_";

  private final String name;
  private final Path root;
  private final Map<String, String> environment;
  private final List<String> further;
  private final int namesrvPort;
  private final int brokerPort;
  private @Nullable ServerProcess server;

  /** {@code further}: settings of the form KEY=VALUE that this comparison is about. */
  EscrowMq(String name, Path root, Map<String, String> environment, List<String> further) {
    this(name, root, environment, further, ServerProcess.freePort(), ServerProcess.freePort());
  }

  private EscrowMq(
      String name,
      Path root,
      Map<String, String> environment,
      List<String> further,
      int namesrvPort,
      int brokerPort) {
    this.name = name;
    this.root = root;
    this.environment = environment;
    this.further = List.copyOf(further);
    this.namesrvPort = namesrvPort;
    this.brokerPort = brokerPort;
  }

  /** The same at the same addresses with more settings; not while this one runs. */
  EscrowMq with(List<String> more) {
    List<String> all = new ArrayList<>(further);
    all.addAll(more);
    return new EscrowMq(name, root, environment, all, namesrvPort, brokerPort);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return "of this checkout";
  }

  @Override
  public String settings() {
    StringBuilder text = new StringBuilder("defaults of bin/escrowmq server");
    further.forEach(setting -> text.append(' ').append(setting));
    Map<String, String> all = new TreeMap<>(System.getenv());
    all.putAll(environment);
    all.forEach((name, value) -> {
      if (name.startsWith(VARIABLES) || environment.containsKey(name)) {
        text.append(' ').append(name).append('=').append(value);
      }
    });
    return text.toString();
  }

  @Override
  public Client client() {
    return isWithOwnClient() ? Client.ESCROWMQ : Client.ROCKETMQ;
  }

  @Override
  public boolean takes(Mode mode, Flush flush) {
    boolean isClientsOwn = mode.kind() == Mode.Kind.GROUP_TRANSACTION;
    return mode.makesSenseWith(flush) && (!isClientsOwn || isWithOwnClient());
  }

  private boolean isWithOwnClient() {
    return name.equals(WITH_OWN_CLIENT);
  }

  @Override
  public void start(Path directory, Flush flush) throws IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>();
    command.add(root.resolve("bin/escrowmq").toString());
    command.add("server");
    for (String setting : List.of(
        "namesrv.listen=127.0.0.1:" + namesrvPort,
        "broker.listen=127.0.0.1:" + brokerPort,
        "store.dir=" + directory.resolve("store"),
        "store.flush=" + flush.word())) {
      command.addAll(List.of("--set", setting));
    }
    further.forEach(setting -> command.addAll(List.of("--set", setting)));
    server = ServerProcess.start(command, environment, directory, directory.resolve("broker.out"));
  }

  @Override
  public ServerProcess process() {
    return ServerProcess.running(server);
  }

  @Override
  public String namesrv() {
    return "127.0.0.1:" + namesrvPort;
  }

  @Override
  public List<String> addresses() {
    return List.of(namesrv(), "127.0.0.1:" + brokerPort);
  }

  /** Where the broker itself listens. */
  InetSocketAddress broker() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort);
  }
}
