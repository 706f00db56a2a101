package io.escrowmq.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped in reverse: one that fails to stop does not keep the others. One thread. */
final class Started implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Started.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // the last one first

  void add(AutoCloseable part) {
    parts.push(part);
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable last = parts.pop();
      try {
        last.close();
      } catch (Exception e) {
        LOG.warn("while stopping: {}", e.toString(), e);
      }
    }
  }
}
