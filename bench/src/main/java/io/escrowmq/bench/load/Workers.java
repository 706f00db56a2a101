package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Runs the same work on a few threads and waits for all of them. */
final class Workers {
  private Workers() {}

  static void run(int threads, Runnable work) throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = new Thread(work, "load-" + i);
      worker.setDaemon(true);
      workers.add(worker);
    }
    workers.forEach(Thread::start);
    for (Thread worker : workers) {
      worker.join();
    }
  }
}
