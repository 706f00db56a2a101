package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private final JavaProgram program;
  private final int port;
  private @Nullable ServerProcess server;

  Kafka(JavaProgram program) {
    this.program = program;
    this.port = ServerProcess.freePort();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return program.version("kafka-clients");
  }

  @Override
  public String settings() {
    return "one node, broker and controller, its own defaults apart from directories, loopback addresses and what a single "
        + "node needs; "
        + program.inWords(FLAGS);
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
  public void prepare(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.writeString(configuration(directory), properties(directory), StandardCharsets.UTF_8);
    List<String> command = program.command(
        List.of(),
        "kafka.tools.StorageTool",
        "format",
        "--standalone",
        "-t",
        UUID.randomUUID().toString(),
        "-c",
        configuration(directory).toString());
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
    List<String> command =
        program.command(FLAGS, "kafka.Kafka", configuration(directory).toString());
    server = ServerProcess.start(
        command, program.environment(), directory, directory.resolve("broker.out"));
  }

  @Override
  public ServerProcess process() {
    return ServerProcess.running(server);
  }

  @Override
  public String namesrv() {
    return "127.0.0.1:" + port;
  }

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
