package io.escrowmq.demo.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own, with a small heap: its lines are read, it can be told something, stopped,
 * continued and killed. One owner.
 */
final class Jvm {

  private static final List<String> SMALL = List.of(
      "-Xmx128m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-XX:-UsePerfData",
      "--enable-native-access=ALL-UNNAMED");
  private static final Duration DIES_WITHIN = Duration.ofSeconds(10);

  private static final int LAST_LINES = 40;

  private final String title;
  private final Process process;
  private final Path errors;
  private final BufferedWriter input;
  // of a few words each; a process says a line for each step at which it is held
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Jvm(String title, Process process, Path errors) {
    this.title = title;
    this.process = process;
    this.errors = errors;
    this.input = process.outputWriter();
  }

  /**
   * Starts it.
   *
   * @param title for people
   * @param errors the file that its standard error is appended to
   */
  static Jvm start(String title, String classPath, List<String> words, Path errors) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(SMALL);
    line.add("-cp");
    line.add(classPath);
    line.addAll(words);
    try {
      Process process = new ProcessBuilder(line)
          .redirectError(ProcessBuilder.Redirect.appendTo(new File(errors.toString())))
          .start();
      Jvm jvm = new Jvm(title, process, errors);
      Thread reader = new Thread(jvm::read, "reads " + title);
      reader.setDaemon(true);
      reader.start();
      return jvm;
    } catch (IOException e) {
      throw new DemoException("the " + title + " cannot be started: " + e.getMessage(), e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("its output ended: " + e.getMessage());
    }
  }

  /** The next line that it has said; null when there was none in time. */
  @Nullable
  String nextLine(Duration wait) throws InterruptedException {
    return lines.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for a line that begins so.
   *
   * @throws DemoException when it ends before, or takes too long; with the last lines of its standard
   *     error
   */
  String await(String beginning, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() - deadline < 0) {
      boolean ended = !process.isAlive();
      String line = nextLine(Duration.ofMillis(50));
      if (line != null && line.startsWith(beginning)) {
        return line;
      }
      if (line == null && ended) {
        throw new DemoException("the " + title + " ended with " + process.exitValue()
            + " before it said '" + beginning + "':\n" + lastErrors());
      }
    }
    throw new DemoException(
        "the " + title + " has not said '" + beginning + "' in " + atMost + ":\n" + lastErrors());
  }

  private String lastErrors() {
    try {
      List<String> all = Files.readAllLines(errors);
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return errors + " cannot be read: " + e;
    }
  }

  /** Says a line to it; one that is dead does not hear it. */
  void tell(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** SIGSTOP. */
  void pause() throws InterruptedException {
    Signals.stop(process.pid());
  }

  /** SIGCONT. */
  void resume() throws InterruptedException {
    Signals.resume(process.pid());
  }

  /** SIGKILL; returns when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd(DIES_WITHIN);
  }

  /** Waits for its end; kills it when that takes too long. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** SIGKILL, and does not wait. */
  void abandon() {
    process.destroyForcibly();
  }
}
