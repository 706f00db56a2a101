package io.escrowmq.broker.topic;

import java.util.Map;

/**
 * One topic's configuration. Immutable.
 *
 * @param perm bits: 4 read, 2 write, 1 inherit (may serve as template for auto-created topics)
 * @param multiTags the filter type MULTI_TAG instead of SINGLE_TAG
 */
public record Topic(
    String name,
    int readQueues,
    int writeQueues,
    int perm,
    boolean multiTags,
    int sysFlag,
    boolean ordered,
    Map<String, String> attributes) {

  public static final int READ = 4;
  public static final int WRITE = 2;
  public static final int INHERIT = 1;

  /** More queues than this in one topic are refused, here and by name servers. */
  public static final int MOST_QUEUES = 65_535;

  private static final long QUEUE_BYTES = 128;

  public Topic {
    attributes = Map.copyOf(attributes);
  }

  /**
   * This topic, if it is within the limits. Only where a topic is asked for: one that is in the log
   * was within the limits of its time.
   *
   * @throws IllegalArgumentException when it has too many queues, or permissions that there are not
   */
  Topic checked() {
    if ((perm & ~(READ | WRITE | INHERIT)) != 0) {
      throw new IllegalArgumentException("perm " + perm
          + " is not a sum of 4 (read), 2 (write) and 1 (template of auto-created topics)");
    }
    if (readQueues < 0 || writeQueues < 0 || Math.max(readQueues, writeQueues) > MOST_QUEUES) {
      throw new IllegalArgumentException("topic " + name + " with " + readQueues + " read and "
          + writeQueues + " write queues: each must be 0 to " + MOST_QUEUES);
    }
    return this;
  }

  public static Topic of(String name, int queues, int perm) {
    return new Topic(name, queues, queues, perm, false, 0, false, Map.of());
  }

  /** Queue ids run from 0 to this, exclusively. */
  public int queues() {
    return Math.max(readQueues, writeQueues);
  }

  /** How much memory its queues and attributes take, about, when most queues have messages. */
  long bytes() {
    long bytes = QUEUE_BYTES * queues();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      bytes += 100 + 2L * (attribute.getKey().length() + attribute.getValue().length());
    }
    return bytes;
  }

  public boolean isReadable() {
    return (perm & READ) != 0;
  }

  public boolean isWritable() {
    return (perm & WRITE) != 0;
  }

  public boolean isTemplate() {
    return (perm & INHERIT) != 0;
  }
}
