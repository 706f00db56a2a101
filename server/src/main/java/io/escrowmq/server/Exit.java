package io.escrowmq.server;

import java.io.PrintWriter;

/**
 * How the process ends: what runs is closed first, and the exit code is ours.
 *
 * <p>A virtual machine that is sent SIGTERM would end with 143 after its shutdown hooks; the hook
 * here ends it itself, with 0, once everything is closed.
 */
final class Exit {

  /** Closing that takes longer is given up: the log is recovered at the next start. */
  private static final long CLOSE_WITHIN_MILLIS = 2500;

  private final PrintWriter err;
  private volatile int code;

  Exit(PrintWriter err) {
    this.err = err;
  }

  /** From now on, whatever ends the process closes this first. Once a process. */
  void closeFirst(AutoCloseable running) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAndHalt(running), "exit"));
  }

  /** Ends the process. */
  void now(int exitCode) {
    code = exitCode;
    System.exit(exitCode);
  }

  private void closeAndHalt(AutoCloseable running) {
    Thread closing = new Thread(() -> close(running), "close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(CLOSE_WITHIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      err.println("Not closed within "
          + CLOSE_WITHIN_MILLIS
          + " ms; what was acknowledged is in the log, and is recovered at the next start.");
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  private void close(AutoCloseable running) {
    try {
      running.close();
    } catch (Exception e) {
      err.println("Did not close cleanly: " + e);
      code = 1;
    }
  }
}
