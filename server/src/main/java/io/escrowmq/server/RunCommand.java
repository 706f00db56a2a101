package io.escrowmq.server;

import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a name server, a broker or both until the process is asked to end. */
@Command(mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  /** The exit code of a process whose log failed; not 3, with which the JVM ends out of memory. */
  static final int LOG_FAILED = 4;

  @Mixin
  private final SettingsOptions options;

  private final Role role;
  private final Exit exit;
  private final PrintWriter out;
  private final PrintWriter err;
  private volatile boolean isReady;

  RunCommand(Role role, SettingsOptions options, Exit exit, PrintWriter out, PrintWriter err) {
    this.role = role;
    this.options = options;
    this.exit = exit;
    this.out = out;
    this.err = err;
  }

  /** One line that says what this is, for the list of commands. */
  static String description(Role role) {
    return switch (role) {
      case SERVER -> "Runs a name server and a broker in one process.";
      case NAMESRV -> "Runs a name server.";
      case BROKER -> "Runs a broker, which registers with the name servers it is told.";
    };
  }

  @Override
  public Integer call() {
    Settings settings = options.resolve(role);
    settings.warnings().forEach(err::println);
    Node node = new Node(settings, ThisMachine.whole());
    exit.closeFirst(() -> stop(node));
    node.start();
    isReady = true;
    out.println(ready(node));
    return untilItFails(node, err);
  }

  private void stop(Node node) {
    node.close();
    if (isReady && node.hasStoppedInOrder()) {
      LOG.info("{} has stopped in order; what it took is on the disk", role.word());
    }
  }

  /** Waits for the broker to fail, if it ever does: a signal ends the process by the exit hook. */
  static int untilItFails(Node node, PrintWriter err) {
    String reason = node.failure().join();
    err.println("The broker ends, it takes nothing any more: " + reason
        + ". What was acknowledged is in the log; when the cause is mended, start it again.");
    return LOG_FAILED;
  }

  /** Other programs read this line. */
  private static String ready(Node node) {
    StringBuilder line = new StringBuilder("ready");
    node.namesrv().ifPresent(address -> line.append(" namesrv=").append(address));
    node.broker().ifPresent(address -> line.append(" broker=").append(address));
    node.replica().ifPresent(address -> line.append(" replica=").append(address));
    node.leader().ifPresent(address -> line.append(" follower-of=").append(address));
    return line.append(" in ").append(ProcessAge.now().toMillis()).append(" ms").toString();
  }
}
