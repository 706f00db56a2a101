package io.escrowmq.demo.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What happened when: shown as it happens, and kept in a file. Any thread. */
final class History implements AutoCloseable {

  private final PrintWriter shown;
  private final PrintWriter kept;
  private final long begunNanos = System.nanoTime();

  /**
   * @param shown where a person looks
   */
  History(PrintWriter shown, Path file) {
    this.shown = shown;
    try {
      this.kept = new PrintWriter(Files.newBufferedWriter(file), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows and keeps one thing that happened. */
  synchronized void add(String what) {
    String line =
        String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - begunNanos) / 1e9, what);
    shown.println(line);
    kept.println(line);
  }

  /** Keeps something that is of no interest to who watches. */
  synchronized void keep(String what) {
    kept.println(what);
  }

  @Override
  public synchronized void close() {
    kept.close();
  }
}
