package io.escrowmq.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of a server: its output goes to a file, and it never outlives this one. Owner: whoever started it. */
final class ServerProcess {
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Thread guard;

  private ServerProcess(Process process) {
    this.process = process;
    this.guard = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(guard);
  }

  static ServerProcess start(
      List<String> command, Map<String, String> environment, Path workDirectory, Path output)
      throws IOException {
    Files.createDirectories(workDirectory);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(workDirectory.toFile());
    File log = output.toFile();
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    return new ServerProcess(builder.start());
  }

  /** The process, which must have been started. */
  static ServerProcess running(@Nullable ServerProcess process) {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** The process that does the work: the youngest Java below a launcher script, or the process itself. */
  long pid() {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .max(Comparator.comparing(ProcessHandle::pid))
        .map(ProcessHandle::pid)
        .orElse(process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      System.err.println("process " + process.pid() + " does not stop; killed");
    }
    kill();
  }

  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
    Runtime.getRuntime().removeShutdownHook(guard);
  }

  /** A port of the loopback interface that is free now, with the two below it and the one above it. */
  static int freePort() {
    try {
      for (int attempt = 0; attempt < 100; attempt++) {
        int port = bindAndClose(0);
        if (isFree(port + 1) && isFree(port - 1) && isFree(port - 2)) {
          return port;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("no four free ports in a row");
  }

  private static boolean isFree(int port) {
    try {
      return bindAndClose(port) == port;
    } catch (IOException e) {
      return false;
    }
  }

  private static int bindAndClose(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
