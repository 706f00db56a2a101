package io.escrowmq.server;

import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.RealFileSystem;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a name server, a broker or both until the process is asked to end. */
@Command(mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Mixin
  private final SettingsOptions options;

  private final Role role;
  private final Exit exit;
  private final PrintWriter out;
  private final PrintWriter err;

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
  public Integer call() throws InterruptedException {
    Settings settings = options.resolve(role);
    settings.warnings().forEach(err::println);
    Node node =
        new Node(settings, new RealFileSystem(), InstantSource.system(), new SystemTicker());
    exit.closeFirst(node);
    node.start();
    out.println(ready(node));
    new CountDownLatch(1).await(); // the exit hook ends the process
    return 0;
  }

  /** Other programs read this line. */
  private static String ready(Node node) {
    StringBuilder line = new StringBuilder("ready");
    node.namesrv().ifPresent(address -> line.append(" namesrv=").append(address));
    node.broker().ifPresent(address -> line.append(" broker=").append(address));
    return line.append(" in ").append(ProcessAge.now().toMillis()).append(" ms").toString();
  }
}
