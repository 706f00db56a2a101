package io.escrowmq.namesrv.route;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that have one topic, in the order of their names. Immutable, but for the encoded
 * answer that it remembers for whoever asks next.
 */
final class TopicBrokers {

  static final TopicBrokers NONE = new TopicBrokers(new Entry[0]);

  /** What one broker name has of the topic. */
  record Entry(String brokerName, TopicQueues queues) {}

  /** An encoded answer, and the surroundings that it was encoded in. */
  private record EncodedBody(Object surroundings, byte[] bytes) {}

  private final Entry[] entries; // ascending by broker name

  // Any thread writes, any reads: a record of final fields, and whoever misses it encodes anew.
  private @Nullable EncodedBody encoded;

  private TopicBrokers(Entry[] entries) {
    this.entries = entries;
  }

  List<Entry> entries() {
    return Arrays.asList(entries);
  }

  boolean isEmpty() {
    return entries.length == 0;
  }

  @Nullable
  TopicQueues queuesOf(String brokerName) {
    int index = indexOf(brokerName);
    return index < 0 ? null : entries[index].queues;
  }

  /** Of the broker that comes first; the others are taken to agree with it. */
  TopicQueues first() {
    return entries[0].queues;
  }

  TopicBrokers with(String brokerName, TopicQueues queues) {
    int index = indexOf(brokerName);
    if (index >= 0) {
      Entry[] changed = entries.clone();
      changed[index] = new Entry(brokerName, queues);
      return new TopicBrokers(changed);
    }
    int at = -index - 1;
    Entry[] longer = new Entry[entries.length + 1];
    System.arraycopy(entries, 0, longer, 0, at);
    longer[at] = new Entry(brokerName, queues);
    System.arraycopy(entries, at, longer, at + 1, entries.length - at);
    return new TopicBrokers(longer);
  }

  TopicBrokers without(String brokerName) {
    int index = indexOf(brokerName);
    if (index < 0) {
      return this;
    }
    Entry[] shorter = new Entry[entries.length - 1];
    System.arraycopy(entries, 0, shorter, 0, index);
    System.arraycopy(entries, index + 1, shorter, index, shorter.length - index);
    return new TopicBrokers(shorter);
  }

  /** The answer that was encoded in these very surroundings, or null. */
  byte @Nullable [] encodedIn(Object surroundings) {
    EncodedBody known = encoded;
    return known != null && known.surroundings == surroundings ? known.bytes : null;
  }

  void remember(Object surroundings, byte[] bytes) {
    encoded = new EncodedBody(surroundings, bytes);
  }

  /** As {@link Arrays#binarySearch}: below 0 when absent. */
  private int indexOf(String brokerName) {
    int low = 0;
    int high = entries.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = entries[middle].brokerName.compareTo(brokerName);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
