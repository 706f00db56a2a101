package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a broker does with twice as much as it takes: runs what {@link OverloadSettings} asks for and prints a table for each way
 * of syncing. First argument: the repository. What the generator answered goes to standard error.
 */
final class Overload {
  private Overload() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    OverloadSettings settings;
    try {
      settings =
          OverloadSettings.parse(root, Arrays.asList(arguments).subList(1, arguments.length));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    ProcFiles proc = ProcFiles.ofThisMachine();
    String loadBefore = proc.loadAverage();
    Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    StringBuilder tables = new StringBuilder();
    for (Flush flush : settings.flushes()) {
      tables.append(new OverloadRun(settings, flush).measure().markdown()).append('\n');
    }
    String text = String.format(
        Locale.ROOT,
        "## Overload%n%n- date: %s; load average before %s, after %s%n- bodies of %,d bytes on %d"
            + " connections; %s; %s%n%n%s",
        began,
        loadBefore,
        proc.loadAverage(),
        settings.bodyBytes(),
        settings.connections(),
        settings.isPinned() ? "broker and load have a processor each" : "not pinned",
        settings.escrowSettings().isEmpty()
            ? "settings as they come"
            : String.join(" ", settings.escrowSettings()),
        tables);
    System.out.println(text);
    Files.writeString(root.resolve("bench/target/overload.md"), text, StandardCharsets.UTF_8);
  }
}
