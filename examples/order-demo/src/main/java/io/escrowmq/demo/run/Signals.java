package io.escrowmq.demo.run;

import java.io.IOException;

/** Signals that Java has no method for. */
final class Signals {

  private Signals() {}

  /** SIGSTOP: the process does nothing until it is told to continue, or killed. */
  static void stop(long pid) throws InterruptedException {
    send("-STOP", pid);
  }

  /** SIGCONT. */
  static void resume(long pid) throws InterruptedException {
    send("-CONT", pid);
  }

  private static void send(String name, long pid) throws InterruptedException {
    try {
      new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new DemoException("no signal can be sent to process " + pid, e);
    }
  }
}
