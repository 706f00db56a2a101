package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private final String java;
  private final String classPath;
  private final Map<String, String> environment;
  private final int port;
  private @Nullable ServerProcess server;

  Artemis(String java, String classPath, Map<String, String> environment) {
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
    int at = classPath.indexOf("artemis-server-");
    return classPath.substring(at + "artemis-server-".length(), classPath.indexOf(".jar", at));
  }

  @Override
  public String settings() {
    return "embedded, its own defaults with the NIO journal, without security; "
        + String.join(" ", FLAGS) + " "
        + String.join(" ", environment.values());
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
  public void startCompanions(Path directory) {}

  @Override
  public void start(Path directory, Flush flush) throws IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", classPath, ArtemisServer.class.getName()));
    command.addAll(List.of(directory.resolve("store").toString(), namesrv()));
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
}
