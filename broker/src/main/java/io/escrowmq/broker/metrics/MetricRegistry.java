package io.escrowmq.broker.metrics;

import io.escrowmq.remoting.body.MetricsTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** All numbers of one broker, in the order in which they were registered. Any thread. */
public final class MetricRegistry implements Metrics {

  private record Entry(String help, MetricsTable.Kind kind, LongSupplier value) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>(); // under the lock
  private final Map<String, LongAdder> sums = new HashMap<>(); // under the lock
  private final Set<String> renewed =
      new HashSet<>(); // under the lock; registered since the last time

  /**
   * From here on each name may be registered once more: a counter goes on with its sum, a gauge is
   * replaced.
   */
  public synchronized void renew() {
    renewed.clear();
  }

  @Override
  public synchronized Counter counter(String name, String help) {
    LongAdder sum = sums.computeIfAbsent(name, any -> new LongAdder());
    register(name, new Entry(help, MetricsTable.Kind.COUNTER, sum::sum));
    return sum::add;
  }

  /**
   * A counter that its owner keeps. If it was registered before, by an owner that is gone, it goes on from
   * where that one left it.
   */
  public synchronized void counter(String name, String help, LongSupplier value) {
    Entry former = entries.get(name);
    long before = former == null ? 0 : former.value().getAsLong();
    LongSupplier sum = before == 0 ? value : () -> before + value.getAsLong();
    register(name, new Entry(help, MetricsTable.Kind.COUNTER, sum));
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {
    register(name, new Entry(help, MetricsTable.Kind.GAUGE, value));
  }

  private synchronized void register(String name, Entry entry) {
    if (!renewed.add(name)) {
      throw new IllegalArgumentException("the metric " + name + " is registered twice");
    }
    entries.put(name, entry);
  }

  /** What they are now. */
  public synchronized MetricsTable read() {
    List<MetricsTable.Metric> metrics = entries.entrySet().stream()
        .map(line -> new MetricsTable.Metric(
            line.getKey(),
            line.getValue().help(),
            line.getValue().kind(),
            line.getValue().value().getAsLong()))
        .toList();
    return new MetricsTable(metrics);
  }
}
