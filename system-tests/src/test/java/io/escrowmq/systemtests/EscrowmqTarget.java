package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Our own launcher, started as the script would start it. */
final class EscrowmqTarget implements Target {

  private static final String ANY_PORT = "127.0.0.1:0";
  private static final String STORE = "store";

  @Override
  public ServerProcess both(Path directory, Map<String, String> settings) {
    return new LocalServer(directory, "server", forBoth(settings), List.of());
  }

  @Override
  public ServerProcess bothOn(StoreDisk disk, Path directory, Map<String, String> settings) {
    return new LocalServer(
        directory, "server", forBoth(settings), disk.launcher(directory.resolve(STORE)));
  }

  private static Map<String, String> forBoth(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("namesrv.listen", ANY_PORT);
    all.put("broker.listen", ANY_PORT);
    all.put("broker.name", "broker-a");
    return all;
  }

  @Override
  public ServerProcess namesrv(Path directory) {
    return new LocalServer(
        directory, "namesrv", new TreeMap<>(Map.of("namesrv.listen", ANY_PORT)), List.of());
  }

  @Override
  public ServerProcess broker(Path directory, String nameServer, String brokerName) {
    return new LocalServer(
        directory,
        "broker",
        new TreeMap<>(Map.of(
            "namesrv.addresses",
            nameServer,
            "broker.listen",
            ANY_PORT,
            "broker.name",
            brokerName,
            "topic.auto-create",
            "true")),
        List.of());
  }

  /** A name server with a controller. */
  static ServerProcess controller(Path directory, Path secret) {
    return new LocalServer(
        directory,
        "namesrv",
        new TreeMap<>(Map.of(
            "namesrv.listen",
            ANY_PORT,
            "store.dir",
            directory.resolve(STORE).toString(),
            "controller.secret-file",
            secret.toString())),
        List.of());
  }

  /** One of the replicas of a broker. */
  static ServerProcess replica(Path directory, String nameServer, Path secret, String flush) {
    Map<String, String> settings = new TreeMap<>(Map.of(
        "namesrv.addresses",
        nameServer,
        "broker.listen",
        ANY_PORT,
        "broker.name",
        "broker-a",
        "topic.auto-create",
        "true",
        "store.flush",
        flush,
        "store.segment-bytes",
        "1048576",
        "message.max-bytes",
        "65536",
        "replication.listen",
        ANY_PORT,
        "replication.controllers",
        nameServer,
        "replication.secret-file",
        secret.toString()));
    return new LocalServer(directory, "broker", settings, List.of());
  }

  /** One launcher process; the ports that it found the first time are kept. */
  private static final class LocalServer implements ServerProcess {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    // the promise is 3 s; the machine that builds may be busy with other things
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);
    private static final Pattern NAMESRV = Pattern.compile("namesrv=(\\S+)");
    private static final Pattern BROKER = Pattern.compile("(?:broker|replica)=(\\S+)");

    private final Path directory;
    private final String command;
    private final Map<String, String> settings;
    private final List<String> launcher;
    private @Nullable JavaProcess process;

    LocalServer(
        Path directory, String command, Map<String, String> settings, List<String> launcher) {
      this.directory = directory;
      this.command = command;
      this.settings = settings;
      this.launcher = launcher;
      if (!command.equals("namesrv")) {
        settings.put("store.dir", directory.resolve(STORE).toString());
      }
    }

    @Override
    public void start() {
      List<String> line = new ArrayList<>();
      line.add("-Xmx512m");
      line.add("io.escrowmq.server.Main");
      line.add(command);
      settings.forEach((key, value) -> {
        line.add("--set");
        line.add(key + "=" + value);
      });
      JavaProcess started =
          new JavaProcess(directory, ClassPaths.escrowmqServer(), line, Map.of(), false, launcher);
      process = started;
      String ready = started.awaitLine("ready ", READY_WITHIN);
      keep("namesrv.listen", NAMESRV.matcher(ready));
      keep("broker.listen", BROKER.matcher(ready));
    }

    private void keep(String key, Matcher told) {
      if (settings.containsKey(key)) {
        assertThat(told.find()).as("%s told in the line that says ready", key).isTrue();
        settings.put(key, told.group(1));
      }
    }

    @Override
    public void stop() {
      assertThat(running().terminate(ENDS_WITHIN)).as("exit code").isZero();
    }

    @Override
    public void kill() {
      running().kill();
    }

    @Override
    public boolean isAlive() {
      return process != null && process.isAlive();
    }

    @Override
    public int exitCode() {
      return running().handle().exitValue();
    }

    @Override
    public String output() {
      return running().output();
    }

    @Override
    public Path storeOfItsOwn() {
      return directory.resolve(STORE).toAbsolutePath();
    }

    @Override
    public Path store() {
      Path store = storeOfItsOwn();
      // the kernel shows the file systems of a process below its id
      return launcher.isEmpty() ? store : Path.of("/proc/" + pid() + "/root" + store);
    }

    @Override
    public long pid() {
      return running().handle().pid();
    }

    @Override
    public String nameServer() {
      return settings.getOrDefault(
          "namesrv.listen", settings.getOrDefault("namesrv.addresses", ""));
    }

    @Override
    public String broker() {
      return settings.getOrDefault("broker.listen", "");
    }

    @Override
    public String brokerName() {
      return settings.getOrDefault("broker.name", "");
    }

    @Override
    public void close() {
      if (isAlive()) {
        kill();
      }
    }

    private JavaProcess running() {
      if (process == null) {
        throw new IllegalStateException("not started");
      }
      return process;
    }
  }
}
