package io.escrowmq.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a process uses while nobody asks it for anything. */
final class IdleCpu {
  private static final double PERCENT = 100;

  private IdleCpu() {}

  /** Watches a process for so long; of one processor, so a process that keeps two busy is at 200. */
  static double percent(ProcFiles proc, long pid, Duration during) throws IOException {
    ProcFiles.Cpu before = proc.cpu(pid);
    long since = System.nanoTime();
    pause(during);
    double seconds = (double) (System.nanoTime() - since) / TimeUnit.SECONDS.toNanos(1);
    return PERCENT * proc.cpu(pid).minus(before).seconds() / seconds;
  }

  /** Lets time pass. */
  static void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
