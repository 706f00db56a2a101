package io.escrowmq.broker.topic;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The topics that are in the log, by name, in parts that grow each for itself: no turn of the log has to
 * move 100,000 names because one more came. Owner: the log loop; any thread reads.
 */
final class TopicRows {

  private static final int PART_BITS = 6;
  private static final int SPREAD = 0x9E37_79B9; // the parts' own maps go by the lowest bits

  /**
   * @param since where it came into the log; messages that lie before were sent to another topic of its name
   */
  record Row(Topic topic, long since) {}

  private final List<ConcurrentHashMap<String, Row>> parts = IntStream.range(0, 1 << PART_BITS)
      .mapToObj(part -> new ConcurrentHashMap<String, Row>())
      .toList();
  private final AtomicInteger size = new AtomicInteger();

  private ConcurrentHashMap<String, Row> part(String name) {
    return parts.get(partOf(name));
  }

  /** Which part the name is in. */
  static int partOf(String name) {
    return (name.hashCode() * SPREAD) >>> (Integer.SIZE - PART_BITS);
  }

  @Nullable
  Row get(String name) {
    return part(name).get(name);
  }

  boolean has(String name) {
    return part(name).containsKey(name);
  }

  int size() {
    return size.get();
  }

  Stream<Topic> topics() {
    return parts.stream().flatMap(part -> part.values().stream()).map(Row::topic);
  }

  /** Each name that stays meanwhile, once. */
  Iterator<String> names() {
    return parts.stream().flatMap(part -> part.keySet().stream()).iterator();
  }

  void put(Row row) {
    if (part(row.topic().name()).put(row.topic().name(), row) == null) {
      size.incrementAndGet();
    }
  }

  void remove(String name) {
    if (part(name).remove(name) != null) {
      size.decrementAndGet();
    }
  }

  void clear() {
    parts.forEach(ConcurrentHashMap::clear);
    size.set(0);
  }
}
