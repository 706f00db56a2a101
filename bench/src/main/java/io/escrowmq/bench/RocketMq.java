package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Apache RocketMQ: a name server and a broker, each a process, with the JVM flags of its own start script. */
final class RocketMq implements SystemUnderTest {
  static final String NAME = "rocketmq";

  // bin/runbroker.sh of the distribution, with 4 GB instead of 8 for the heap
  private static final List<String> BROKER_FLAGS = List.of(
      "-server",
      "-Xms4g",
      "-Xmx4g",
      "-XX:+UseG1GC",
      "-XX:G1HeapRegionSize=16m",
      "-XX:G1ReservePercent=25",
      "-XX:InitiatingHeapOccupancyPercent=30",
      "-XX:SoftRefLRUPolicyMSPerMB=0",
      "-XX:-OmitStackTraceInFastThrow",
      "-XX:+AlwaysPreTouch",
      "-XX:MaxDirectMemorySize=15g",
      "-XX:-UseLargePages",
      "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");

  private final JavaProgram program;
  private final int namesrvPort;
  private final int brokerPort;
  private @Nullable ServerProcess namesrv;
  private @Nullable ServerProcess broker;

  RocketMq(JavaProgram program) {
    this.program = program;
    this.namesrvPort = ServerProcess.freePort();
    this.brokerPort = ServerProcess.freePort();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return program.version("rocketmq-broker");
  }

  @Override
  public String settings() {
    return "its own defaults apart from directories and loopback addresses; broker "
        + String.join(" ", BROKER_FLAGS.subList(1, BROKER_FLAGS.size() - 1));
  }

  @Override
  public Client client() {
    return Client.ROCKETMQ;
  }

  @Override
  public boolean takes(Mode mode, Flush flush) {
    return mode.makesSenseWith(flush) && mode.kind() != Mode.Kind.GROUP_TRANSACTION;
  }

  @Override
  public void startCompanions(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path configuration = properties(
        directory.resolve("namesrv.conf"),
        Map.of("listenPort", Integer.toString(namesrvPort), "bindAddress", "127.0.0.1"));
    namesrv = ServerProcess.start(
        command(
            List.of("-Xms256m", "-Xmx256m"),
            directory,
            "org.apache.rocketmq.namesrv.NamesrvStartup",
            configuration),
        Map.of(),
        directory,
        directory.resolve("namesrv.out"));
  }

  @Override
  public void start(Path directory, Flush flush) throws IOException {
    Files.createDirectories(directory);
    Map<String, String> settings = Map.of(
        "namesrvAddr",
        namesrv(),
        "brokerName",
        "broker-a",
        "brokerIP1",
        "127.0.0.1",
        "bindAddress",
        "127.0.0.1",
        "listenPort",
        Integer.toString(brokerPort),
        "storePathRootDir",
        directory.resolve("store").toString(),
        "storePathCommitLog",
        directory.resolve("store/commitlog").toString(),
        "flushDiskType",
        flush == Flush.SYNC ? "SYNC_FLUSH" : "ASYNC_FLUSH");
    Path configuration = properties(directory.resolve("broker.conf"), settings);
    broker = ServerProcess.start(
        command(BROKER_FLAGS, directory, "org.apache.rocketmq.broker.BrokerStartup", configuration),
        program.environment(),
        directory,
        directory.resolve("broker.out"));
  }

  @Override
  public ServerProcess process() {
    return ServerProcess.running(broker);
  }

  @Override
  public String namesrv() {
    return "127.0.0.1:" + namesrvPort;
  }

  @Override
  public void stopCompanions() throws InterruptedException {
    ServerProcess.running(namesrv).stop();
  }

  private List<String> command(
      List<String> flags, Path directory, String main, Path configuration) {
    List<String> all = new ArrayList<>(flags);
    // logs and files without a setting of their own go to the home directory
    all.add("-Duser.home=" + directory);
    all.add("-Drocketmq.home.dir=" + directory);
    return program.command(all, main, "-c", configuration.toString());
  }

  private static Path properties(Path file, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return Files.writeString(file, text.toString(), StandardCharsets.UTF_8);
  }
}
