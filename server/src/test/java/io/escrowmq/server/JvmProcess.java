package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Our main class in a process of its own, on the class path of the tests. */
final class JvmProcess implements AutoCloseable {

  /** Generous: the machine that builds may be busy with other things. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern READY = Pattern.compile(
      "ready(?: namesrv=(?<namesrv>\\S+:\\d+))?(?: broker=(?<broker>\\S+:\\d+))? in \\d+ ms");

  private final Path out;
  private final Path err;
  private final Process process;

  private JvmProcess(Path directory, List<String> command) throws IOException {
    Files.createDirectories(directory);
    out = directory.resolve("out");
    err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ESCROWMQ_"));
    process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  /** Starts in this directory, which also takes what the process prints. */
  static JvmProcess start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.escrowmq.server.Main"));
    command.addAll(List.of(arguments));
    return new JvmProcess(directory, command);
  }

  /** Waits for the line that says ready; the address that it names, "namesrv" or "broker". */
  String awaitReady(String part) {
    await().atMost(PATIENCE).until(() -> !process.isAlive() || Files.size(out) > 0);
    Matcher ready = READY.matcher(out().strip());
    assertThat(ready.matches()).as("out: %s, err: %s", out(), err()).isTrue();
    return String.valueOf(ready.group(part));
  }

  /** Asks the process to end, as a supervisor would; its exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  long pid() {
    return process.pid();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
