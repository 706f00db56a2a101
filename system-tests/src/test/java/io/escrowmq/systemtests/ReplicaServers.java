package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some replicas of one broker and a name server with their controller, each a process. What is done to the broker is
 * done to the replica that leads. Owner: one test.
 */
final class ReplicaServers implements ServerProcess {

  private static final Pattern LEADS = Pattern.compile("leads in epoch (\\d+),");

  private final ServerProcess controller;
  private final List<ServerProcess> replicas;

  ReplicaServers(ServerProcess controller, List<ServerProcess> replicas) {
    this.controller = controller;
    this.replicas = List.copyOf(replicas);
  }

  /** Starts those that do not run, and waits until one leads. */
  @Override
  public void start() {
    replicas.stream().filter(one -> !one.isAlive()).forEach(ServerProcess::start);
    within(60).until(() -> !leading().isEmpty());
  }

  /** Those that run and have led, the last one first. */
  private List<ServerProcess> leading() {
    List<ServerProcess> leading = new ArrayList<>(replicas);
    leading.removeIf(one -> !one.isAlive() || epoch(one) == 0);
    leading.sort((one, other) -> Integer.compare(epoch(other), epoch(one)));
    return leading;
  }

  private static int epoch(ServerProcess replica) {
    int epoch = 0;
    Matcher told = LEADS.matcher(replica.output());
    while (told.find()) {
      epoch = Integer.parseInt(told.group(1));
    }
    return epoch;
  }

  private ServerProcess leader() {
    List<ServerProcess> leading = leading();
    assertThat(leading).as("replicas that lead").isNotEmpty();
    return leading.get(0);
  }

  @Override
  public void stop() {
    leader().stop();
  }

  @Override
  public void kill() {
    leader().kill();
  }

  @Override
  public boolean isAlive() {
    return replicas.stream().allMatch(ServerProcess::isAlive);
  }

  @Override
  public Path store() {
    return leader().store();
  }

  @Override
  public String nameServer() {
    return controller.nameServer();
  }

  @Override
  public String broker() {
    return leader().broker();
  }

  @Override
  public String brokerName() {
    return leader().brokerName();
  }

  @Override
  public void close() {
    replicas.forEach(ServerProcess::close);
    controller.close();
  }
}
