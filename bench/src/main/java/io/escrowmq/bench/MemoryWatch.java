package io.escrowmq.bench;

import java.io.IOException;
import java.time.Duration;

/** Looks at a process's memory twice a second, until it is ended. */
final class MemoryWatch {
  private static final Duration EVERY = Duration.ofMillis(500);

  private final ProcFiles proc;
  private final long pid;
  private final long beforeBytes;
  private final Thread thread;
  private volatile boolean ended;
  private volatile long mostBytes;

  MemoryWatch(ProcFiles proc, long pid) throws IOException {
    this.proc = proc;
    this.pid = pid;
    this.beforeBytes = now();
    this.thread = new Thread(this::watch, "memory-watch");
    thread.setDaemon(true);
    thread.start();
  }

  // the pages of the log that are mapped are the system's cache, which it takes back
  private long now() throws IOException {
    return proc.statusBytes(pid, "RssAnon");
  }

  private void watch() {
    try {
      while (!ended) {
        mostBytes = Math.max(mostBytes, now());
        IdleCpu.pause(EVERY);
      }
    } catch (IOException e) {
      System.err.println("the broker's memory cannot be read: " + e);
    }
  }

  void end() throws InterruptedException {
    ended = true;
    thread.join();
  }

  long beforeBytes() {
    return beforeBytes;
  }

  long mostBytes() {
    return mostBytes;
  }
}
