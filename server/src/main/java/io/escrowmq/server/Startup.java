package io.escrowmq.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts parts in order, stops them in reverse, and tells the first failure plainly.
 *
 * <p>The starting thread and the one that ends the process may both be here; who comes second waits.
 */
final class Startup implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private record Part(String name, AutoCloseable closing) {}

  private final Deque<Part> running = new ArrayDeque<>(); // guarded by this
  private boolean closed; // guarded by this
  private boolean failedToStop; // guarded by this; any of them

  /**
   * Starts one more part. When it fails, what runs already is stopped before the failure is told.
   *
   * @param name as it stands in a sentence: "the broker"
   * @throws StartupException when the part did not start, or when the process ends already
   */
  synchronized void start(String name, Runnable start, AutoCloseable part) {
    if (closed) {
      throw new StartupException("Stopped before " + name + " started.");
    }
    try {
      start.run();
      running.push(new Part(name, part));
    } catch (RuntimeException e) {
      closeQuietly(new Part(name, part));
      close();
      throw new StartupException(capital(name) + " did not start: " + reason(e), e);
    }
  }

  /** Something that is held from now on, and let go of when its turn comes. */
  synchronized void hold(String name, AutoCloseable held) {
    running.push(new Part(name, held));
  }

  /** Stops what runs, the last one first; a part that fails to stop does not keep the others. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!running.isEmpty()) {
      closeQuietly(running.pop());
    }
  }

  /** Whether all is stopped, and each part as it should be. */
  synchronized boolean hasStoppedInOrder() {
    return closed && !failedToStop;
  }

  private void closeQuietly(Part part) {
    try {
      part.closing().close();
    } catch (Exception e) {
      failedToStop = true;
      LOG.warn("{} did not stop cleanly: {}", capital(part.name()), reason(e));
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
