package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Apache Kafka as a single node, broker and controller in one process, with the JVM flags of its own start script. */
final class Kafka implements SystemUnderTest {
  static final String NAME = "kafka";

  // bin/kafka-server-start.sh and bin/kafka-run-class.sh of the distribution
  private static final List<String> FLAGS = List.of(
      "-Xms1G",
      "-Xmx1G",
      "-server",
      "-XX:+UseG1GC",
      "-XX:MaxGCPauseMillis=20",
      "-XX:InitiatingHeapOccupancyPercent=35",
      "-XX:+ExplicitGCInvokesConcurrent",
      "-Djava.awt.headless=true");

  private final String java;
  private final String classPath;
  private final Map<String, String> environment;
  private final int port;
  private @Nullable ServerProcess server;

  Kafka(String java, String classPath, Map<String, String> environment) {
    this.java = java;
    this.classPath = classPath;
    this.environment = environment;
    this.port = ServerProcess.freePort();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    int at = classPath.indexOf("kafka-clients-");
    return classPath.substring(at + "kafka-clients-".length(), classPath.indexOf(".jar", at));
  }

  @Override
  public String settings() {
    return "one node, broker and controller, its own defaults apart from directories, loopback addresses and what a single "
        + "node needs; "
        + String.join(" ", FLAGS) + " "
        + String.join(" ", environment.values());
  }

  @Override
  public Client client() {
    return Client.KAFKA;
  }

  /** It leaves the syncing to the kernel, as its documentation advises; a batch of the sender's own making it has not. */
  @Override
  public boolean takes(Mode mode, Flush flush) {
    return flush == Flush.ASYNC && mode != Mode.BATCH32 && mode != Mode.RESTART;
  }

  @Override
  public void startCompanions(Path directory) {}

  @Override
  public void prepare(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.writeString(configuration(directory), properties(directory), StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(List.of(java, "-cp", classPath));
    command.addAll(List.of("kafka.tools.StorageTool", "format", "--standalone"));
    command.addAll(List.of("-t", UUID.randomUUID().toString()));
    command.addAll(List.of("-c", configuration(directory).toString()));
    Path output = directory.resolve("format.out");
    int status = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
    if (status != 0) {
      throw new IOException("cannot format: " + Files.readString(output, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void start(Path directory, Flush flush) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(FLAGS);
    command.addAll(
        List.of("-cp", classPath, "kafka.Kafka", configuration(directory).toString()));
    server = ServerProcess.start(command, environment, directory, directory.resolve("broker.out"));
  }

  @Override
  public long pid() {
    return ServerProcess.running(server).pid();
  }

  @Override
  public String namesrv() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void stop() throws InterruptedException {
    ServerProcess.running(server).stop();
  }

  @Override
  public void kill() throws InterruptedException {
    ServerProcess.running(server).kill();
  }

  @Override
  public void stopCompanions() {}

  private static Path configuration(Path directory) {
    return directory.resolve("server.properties");
  }

  // config/server.properties of the distribution, which is a single node's, too
  private String properties(Path directory) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs=%3$s
        offsets.topic.replication.factor=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        """.formatted(port, port + 1, directory.resolve("store"));
  }
}
