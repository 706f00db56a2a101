package io.escrowmq.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other end of the load generator's process: asks it and waits for its answer, never for ever. One caller at a time. */
final class Generator implements AutoCloseable {
  private static final String ANSWER = "@";
  private static final String END = "@ended";

  private final Process process;
  private final BufferedWriter commands;
  // one answer a command, and one line at the end
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private Generator(Process process) {
    this.process = process;
    this.commands = new BufferedWriter(
        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread reader = new Thread(this::readAnswers, "generator-answers");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; the client's own log files go below {@code directory}. */
  static Generator start(
      String java, String classPath, String main, List<String> arguments, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>(List.of(
        java,
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseParallelGC",
        "-Duser.home=" + directory,
        "-cp",
        classPath,
        main));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command)
        .redirectError(
            ProcessBuilder.Redirect.appendTo(directory.resolve("load.err").toFile()))
        .start();
    Generator generator = new Generator(process);
    generator.await(Duration.ofSeconds(30));
    return generator;
  }

  long pid() {
    return process.pid();
  }

  /** Sends a command and hands back the values of the answer; a failure becomes an exception that quotes it. */
  Map<String, String> ask(String command, Duration atMost)
      throws IOException, InterruptedException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    String answer = await(atMost);
    if (answer.startsWith("failed")) {
      throw new IOException(command + ": " + answer);
    }
    return values(answer);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  static Map<String, String> values(String answer) {
    Map<String, String> values = new HashMap<>();
    for (String word : answer.split(" ", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return values;
  }

  private String await(Duration atMost) throws IOException, InterruptedException {
    String answer = answers.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null || answer.equals(END)) {
      process.destroyForcibly();
      throw new IOException(
          answer == null
              ? "the load generator is silent for " + atMost
              : "the load generator ended");
    }
    return answer.substring(ANSWER.length());
  }

  private void readAnswers() {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line);
        }
      }
    } catch (IOException e) {
      System.err.println("load generator: " + e);
    }
    answers.add(END);
  }
}
