package io.escrowmq.broker.metrics;

import java.util.function.LongSupplier;

/** Where a part of the broker registers what it counts. Names are unique; see the registry. */
public interface Metrics {

  /**
   * Something that only grows until the broker stops.
   *
   * @param help what it counts, in words
   */
  Counter counter(String name, String help);

  /**
   * Something that is looked at when it is wanted.
   *
   * @param value any thread calls it; quick
   */
  void gauge(String name, String help, LongSupplier value);

  /** A number that grows. Any thread. */
  interface Counter {

    void add(long count);
  }
}
