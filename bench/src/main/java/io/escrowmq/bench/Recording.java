package io.escrowmq.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A flight recording of another JVM, from now to {@link #stop}; {@link ProfileSummary} reads it. */
final class Recording {
  private final long pid;
  private final Path file;

  private Recording(long pid, Path file) {
    this.pid = pid;
    this.file = file;
  }

  static Recording start(long pid, Path file) throws IOException, InterruptedException {
    jcmd(pid, "JFR.start", "name=bench", "settings=profile");
    return new Recording(pid, file);
  }

  void stop() throws IOException, InterruptedException {
    jcmd(pid, "JFR.stop", "name=bench", "filename=" + file);
  }

  private static void jcmd(long pid, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
