package io.escrowmq.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Apache RocketMQ's own name server and broker: what holds here, the tests may demand of us. */
final class ReferenceTarget implements Target {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

  @Override
  public ServerProcess both(Path directory, Map<String, String> settings) {
    Genuine namesrv = new Genuine(directory.resolve("namesrv"), "", "", Map.of());
    return new Pair(
        namesrv,
        new Genuine(directory.resolve("broker"), namesrv.nameServer(), "broker-a", settings));
  }

  @Override
  public ServerProcess bothOn(StoreDisk disk, Path directory, Map<String, String> settings) {
    throw new UnsupportedOperationException("a broker and its name server are two processes here");
  }

  @Override
  public ServerProcess namesrv(Path directory) {
    return new Genuine(directory, "", "", Map.of());
  }

  @Override
  public ServerProcess broker(Path directory, String nameServer, String brokerName) {
    return new Genuine(directory, nameServer, brokerName, Map.of());
  }

  /** One process, on ports that were free a moment ago. */
  private static final class Genuine implements ServerProcess {

    private final Path directory;
    private final String nameServer;
    private final String broker;
    private final String brokerName;
    private final Map<String, String> settings;
    private @Nullable JavaProcess process;

    Genuine(Path directory, String nameServer, String brokerName, Map<String, String> settings) {
      this.directory = directory;
      this.brokerName = brokerName;
      this.settings = settings;
      boolean isNamesrv = brokerName.isEmpty();
      this.nameServer = isNamesrv ? "127.0.0.1:" + freePorts(1) : nameServer;
      this.broker = isNamesrv ? "" : "127.0.0.1:" + freePorts(4);
    }

    /** The last of so many free ports in a row; a broker also listens two below its own. */
    private static int freePorts(int inRow) {
      int last;
      do {
        last = tryFreePorts(inRow);
      } while (last < 0);
      return last;
    }

    private static int tryFreePorts(int inRow) {
      List<ServerSocket> held = new ArrayList<>();
      try {
        ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(first);
        for (int i = 1; i < inRow; i++) {
          held.add(new ServerSocket(first.getLocalPort() + i, 1, InetAddress.getLoopbackAddress()));
        }
        return first.getLocalPort() + inRow - 1;
      } catch (IOException | IllegalArgumentException taken) {
        return -1;
      } finally {
        held.forEach(Genuine::close);
      }
    }

    private static void close(ServerSocket socket) {
      try {
        socket.close();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    @Override
    public void start() {
      boolean isNamesrv = broker.isEmpty();
      Map<String, String> configuration = new TreeMap<>();
      configuration.put("bindAddress", "127.0.0.1");
      if (isNamesrv) {
        configuration.put("listenPort", port(nameServer));
        configuration.put("kvConfigPath", directory.resolve("kv.json").toString());
      } else {
        brokerConfiguration(configuration);
      }
      List<String> line = List.of(
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:-UseBiasedLocking",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          isNamesrv
              ? "org.apache.rocketmq.namesrv.NamesrvStartup"
              : "org.apache.rocketmq.broker.BrokerStartup",
          "-c",
          write(configuration).toString());
      JavaProcess started = new JavaProcess(
          directory,
          ClassPaths.rocketmqServers(),
          line,
          Map.of("ROCKETMQ_HOME", directory.toString()),
          false,
          List.of());
      process = started;
      started.awaitLine("boot success", READY_WITHIN);
    }

    private void brokerConfiguration(Map<String, String> configuration) {
      configuration.put("namesrvAddr", nameServer);
      configuration.put("brokerIP1", "127.0.0.1");
      configuration.put("brokerName", brokerName);
      configuration.put("brokerClusterName", "DefaultCluster");
      configuration.put("brokerId", "0");
      configuration.put("listenPort", port(broker));
      configuration.put("haListenPort", "0");
      configuration.put("storePathRootDir", directory.resolve("store").toString());
      configuration.put("storePathCommitLog", directory.resolve("store/log").toString());
      configuration.put("mappedFileSizeCommitLog", "67108864");
      configuration.put("registerNameServerPeriod", "5000");
      configuration.put("enablePropertyFilter", "true");
      settings.forEach((key, value) -> translate(key, value, configuration));
    }

    private static void translate(String key, String value, Map<String, String> configuration) {
      switch (key) {
        case "message.max-bytes" -> configuration.put("maxMessageSize", value);
        case "store.segment-bytes" -> configuration.put("mappedFileSizeCommitLog", value);
        case "store.flush" ->
          configuration.put("flushDiskType", value.equals("sync") ? "SYNC_FLUSH" : "ASYNC_FLUSH");
        case "tx.first-check" -> configuration.put("transactionTimeOut", millis(value));
        case "tx.check-every" -> configuration.put("transactionCheckInterval", millis(value));
        case "tx.max-checks" -> configuration.put("transactionCheckMax", value);
        case "tx.check-max-pause", "tx.group-max-open-bytes" -> {
          // it has nothing of the kind, and what it does instead disturbs no test
        }
        default -> throw new IllegalArgumentException("no counterpart known of " + key);
      }
    }

    private static String millis(String seconds) {
      return seconds.substring(0, seconds.length() - 1) + "000";
    }

    private Path write(Map<String, String> configuration) {
      Properties properties = new Properties();
      properties.putAll(configuration);
      Path file = directory.resolve("server.properties");
      try {
        Files.createDirectories(directory);
        try (var out = Files.newBufferedWriter(file)) {
          properties.store(out, null);
        }
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
      return file;
    }

    private static String port(String address) {
      return address.substring(address.lastIndexOf(':') + 1);
    }

    @Override
    public void stop() {
      if (process != null) {
        process.terminate(ENDS_WITHIN);
      }
    }

    @Override
    public void kill() {
      if (process != null) {
        process.kill();
      }
    }

    @Override
    public boolean isAlive() {
      return process != null && process.isAlive();
    }

    @Override
    public Path store() {
      return directory.resolve("store");
    }

    @Override
    public String nameServer() {
      return nameServer;
    }

    @Override
    public String broker() {
      return broker;
    }

    @Override
    public String brokerName() {
      return brokerName;
    }

    @Override
    public void close() {
      kill();
    }
  }

  /** Two processes that are started and ended together, as our one would be. */
  private record Pair(ServerProcess namesrv, ServerProcess brokerProcess) implements ServerProcess {

    @Override
    public void start() {
      namesrv.start();
      brokerProcess.start();
    }

    @Override
    public void stop() {
      brokerProcess.stop();
      namesrv.stop();
    }

    @Override
    public void kill() {
      brokerProcess.kill();
      namesrv.kill();
    }

    @Override
    public boolean isAlive() {
      return namesrv.isAlive() && brokerProcess.isAlive();
    }

    @Override
    public Path store() {
      return brokerProcess.store();
    }

    @Override
    public String nameServer() {
      return namesrv.nameServer();
    }

    @Override
    public String broker() {
      return brokerProcess.broker();
    }

    @Override
    public String brokerName() {
      return brokerProcess.brokerName();
    }

    @Override
    public void close() {
      kill();
    }
  }
}
