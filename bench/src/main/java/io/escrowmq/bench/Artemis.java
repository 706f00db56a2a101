package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ Artemis in a process of its own, its journal synced at every commit. It has local transactions, not half-messages,
 * so there is one mode to compare: sessions that each commit one durable message.
 */
final class Artemis implements SystemUnderTest {
  static final String NAME = "artemis";

  // as "artemis create" writes them into artemis.profile, with the heap that RocketMQ's broker gets
  private static final List<String> FLAGS = List.of(
      "-Xms512m",
      "-Xmx4g",
      "-XX:+UseG1GC",
      "-XX:+UseStringDeduplication",
      "-XX:AutoBoxCacheMax=20000");

  private final JavaProgram program;
  private final int port;
  private @Nullable ServerProcess server;

  Artemis(JavaProgram program) {
    this.program = program;
    this.port = ServerProcess.freePort();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return program.version("artemis-server");
  }

  @Override
  public String settings() {
    return "embedded, its own defaults with the NIO journal, without security; "
        + program.inWords(FLAGS);
  }

  @Override
  public Client client() {
    return Client.ARTEMIS;
  }

  @Override
  public boolean takes(Mode mode, Flush flush) {
    return mode == Mode.TX64 && flush == Flush.SYNC;
  }

  @Override
  public void start(Path directory, Flush flush) throws IOException {
    Files.createDirectories(directory);
    List<String> command = program.command(
        FLAGS, ArtemisServer.class.getName(), directory.resolve("store").toString(), namesrv());
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
}
