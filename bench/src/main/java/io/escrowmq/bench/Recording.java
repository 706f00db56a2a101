package io.escrowmq.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A flight recording of another JVM, from now to {@link #stop}; {@link ProfileSummary} reads it. */
final class Recording {
  private final long pid;
  private final Path file;

  private Recording(long pid, Path file) {
    this.pid = pid;
    this.file = file;
  }

  static Recording start(long pid, Path file) throws IOException, InterruptedException {
    Jcmd.ask(pid, "JFR.start", "name=bench", "settings=profile");
    return new Recording(pid, file);
  }

  void stop() throws IOException, InterruptedException {
    Jcmd.ask(pid, "JFR.stop", "name=bench", "filename=" + file);
  }
}
