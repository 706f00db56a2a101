package io.escrowmq.systemtests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One JVM with its directory and its output in it. Ended by its own handle, never by name. */
final class JavaProcess {

  private final Path directory;
  private final Path output;
  private final Process process;

  /**
   * @param directory made if missing; working directory, home directory and place of {@code output}
   * @param command JVM options, main class and arguments
   * @param keepsStandardStreams true: standard input and output are pipes of the caller, only errors go to the
   *     file
   * @param launcher words in front of the command line; empty to run the JVM directly
   */
  JavaProcess(
      Path directory,
      String classPath,
      List<String> command,
      Map<String, String> environment,
      boolean keepsStandardStreams,
      List<String> launcher) {
    this.directory = directory;
    this.output = directory.resolve("output");
    try {
      Files.createDirectories(directory);
      Files.writeString(
          output, "", StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      // the class path of a RocketMQ broker is longer than some systems let a command line be
      Path arguments = directory.resolve("class-path-argument");
      Files.writeString(arguments, "-cp \"" + classPath + "\"");
      List<String> line = new ArrayList<>(launcher);
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.add("@" + arguments);
      line.add("-Duser.home=" + directory);
      line.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
      builder.environment().putAll(environment);
      if (keepsStandardStreams) {
        builder.redirectError(output.toFile());
      } else {
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
      }
      process = builder.start();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  Process handle() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String output() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Returns the first line of the output that contains this text where a word begins, once it is there. */
  String awaitLine(String containing, Duration atMost) {
    return await("\"" + containing + "\" of the process in " + directory)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lineOrEnd(containing), line -> !line.isEmpty());
  }

  private String lineOrEnd(String containing) {
    boolean ended = !process.isAlive();
    for (String line : output().split("\n", -1)) {
      if ((" " + line).contains(" " + containing)) { // "already" does not say "ready"
        return line;
      }
    }
    if (ended) {
      throw new IllegalStateException(
          "ended with " + process.exitValue() + " before it was ready; its output:\n" + output());
    }
    return "";
  }

  /** Somebody presses Enter. */
  void enter() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Waits until it ends by itself. Returns the exit code. */
  int end(Duration atMost) {
    awaitEnd(atMost);
    return process.exitValue();
  }

  /** SIGTERM. Returns the exit code. */
  int terminate(Duration atMost) {
    process.destroy();
    return end(atMost);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  private void awaitEnd(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "still alive after " + atMost + "; its output:\n" + output());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
