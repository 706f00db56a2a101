package io.escrowmq.server;

import java.io.PrintWriter;

/**
 * How the process ends: what runs is closed first, and the exit code is ours.
 *
 * <p>A virtual machine that is sent SIGTERM would end with 143 after its shutdown hooks; the hook
 * here ends it itself, with 0, once everything is closed.
 */
final class Exit {

  /**
   * Closing that takes longer is given up: the log is recovered at the next start. Containers give 10
   * to 30 seconds before they kill; whoever gives less kills earlier than this, and loses nothing.
   */
  private static final long CLOSE_WITHIN_MILLIS = 25_000;

  /** Whoever waits is told so often that it goes on. */
  private static final long TELL_EVERY_MILLIS = 2_000;

  /** Waits for the end of a thread, so long at most. */
  @FunctionalInterface
  interface ThreadJoin {

    void join(Thread thread, long millis) throws InterruptedException;
  }

  private final PrintWriter err;
  private final ThreadJoin waiting;
  private volatile int code;

  Exit(PrintWriter err) {
    this(err, Thread::join);
  }

  Exit(PrintWriter err, ThreadJoin waiting) {
    this.err = err;
    this.waiting = waiting;
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
    Runtime.getRuntime().halt(closed(running));
  }

  /** Closes, and says while it waits that it does. The exit code: 1 when that failed or was given up. */
  int closed(AutoCloseable running) {
    Thread closing = new Thread(() -> close(running), "close");
    closing.setDaemon(true);
    closing.start();
    try {
      for (long waited = 0;
          waited < CLOSE_WITHIN_MILLIS && closing.isAlive();
          waited += TELL_EVERY_MILLIS) {
        if (waited > 0) {
          err.println("Closing: the log is synced and the state file written; " + waited / 1000
              + " of at most " + CLOSE_WITHIN_MILLIS / 1000 + " seconds.");
        }
        waiting.join(closing, TELL_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      err.println("Not closed within "
          + CLOSE_WITHIN_MILLIS
          + " ms; what was acknowledged is in the log, and is recovered at the next start.");
      code = 1;
    }
    return code;
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
