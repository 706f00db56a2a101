package io.escrowmq.server;

import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows in a second that everything works: a real broker, a real client, one message there and back.
 * Leaves nothing behind.
 */
@Command(
    name = "quickstart",
    description = "Starts a server on free ports, sends a message, receives it, and cleans up.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {

  private static final String GREETING = "Hello, RocketMQ clients";

  @Option(
      names = "--temporary",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "Where the store lies while it lasts: ${DEFAULT-VALUE}.")
  private Path temporary = Path.of(".");

  private final Exit exit;
  private final PrintWriter out;

  QuickstartCommand(Exit exit, PrintWriter out) {
    this.exit = exit;
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    Logging.warningsOnly();
    Path directory = Files.createTempDirectory(temporary, "escrowmq-quickstart-");
    Settings settings = Settings.resolve(
        Role.SERVER,
        null,
        Map.of(), // what is set for a server must not lead the message to its store
        List.of(
            "namesrv.listen=127.0.0.1:0",
            "broker.listen=127.0.0.1:0",
            "store.segment-bytes=16MiB",
            "store.dir=" + directory));
    Node node = new Node(settings, ThisMachine.whole());
    exit.closeFirst(() -> {
      node.close();
      delete(directory);
    });

    node.start();
    Endpoint nameServer = node.namesrv().orElseThrow();
    step(
        "started",
        "name server " + nameServer + ", broker " + node.broker().orElseThrow() + ", messages in "
            + directory,
        ProcessAge.now());
    try (RoundTrip client = new RoundTrip(nameServer)) {
      long start = System.nanoTime();
      RoundTrip.Location sent = client.send(GREETING);
      step("sent", "\"" + GREETING + "\": acknowledged as " + sent, since(start));

      start = System.nanoTime();
      String received = client.receive(sent);
      step("received", "\"" + received + "\"", since(start));
      if (!received.equals(GREETING)) {
        throw new StartupException("What was received is not what was sent.");
      }
    }
    long start = System.nanoTime();
    node.close();
    delete(directory);
    step("stopped", "and removed " + directory, since(start));
    out.println("It works. Next: bin/escrowmq server, and any RocketMQ client with the name server"
        + " address 127.0.0.1:9876.");
    return 0;
  }

  private void step(String what, String how, Duration took) {
    out.printf("%-9s %6.1f ms  %s%n", what, took.toNanos() / 1e6, how);
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
