package io.escrowmq.broker.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Offsets without a message, gathered queue by queue in ascending order: counted, and the first ranges
 * kept. Owner: one thread.
 */
public final class LostRanges {

  /** So many ranges are kept, and named, of as many as there are. */
  public static final int MOST_LISTED = 64;

  /** Neighbours in one queue; both offsets are included. */
  public record Range(String topic, int queueId, long from, long to) {

    private boolean isFollowedBy(String otherTopic, int otherQueueId, long offset) {
      return offset == to + 1 && queueId == otherQueueId && topic.equals(otherTopic);
    }

    @Override
    public String toString() {
      String queue = " of " + topic + "/" + queueId;
      return from == to
          ? "offset " + from + queue + " has no message any more"
          : "offsets " + from + " to " + to + queue + " have no message any more";
    }
  }

  private final List<Range> listed = new ArrayList<>();
  private @Nullable Range open; // the next one may go on where it ends
  private long ranges; // closed ones
  private long messages;

  /** Takes some more; answers the range that has ended by it, if it is one that is kept. */
  public @Nullable Range add(String topic, int queueId, long from, long to) {
    messages += to - from + 1;
    Range before = open;
    if (before != null && before.isFollowedBy(topic, queueId, from)) {
      open = new Range(topic, queueId, before.from, to);
      return null;
    }
    open = new Range(topic, queueId, from, to);
    return close(before);
  }

  /** There are no more; answers the last range, if it is one that is kept. */
  public @Nullable Range end() {
    Range last = open;
    open = null;
    return close(last);
  }

  private @Nullable Range close(@Nullable Range range) {
    if (range == null) {
      return null;
    }
    ranges++;
    if (listed.size() == MOST_LISTED) {
      return null;
    }
    listed.add(range);
    return range;
  }

  /** So many messages in all. */
  public long messages() {
    return messages;
  }

  /** The ranges that have ended, in sentences, and how many more there are. */
  public List<String> told() {
    List<String> all = new ArrayList<>();
    listed.forEach(range -> all.add(range.toString()));
    if (ranges > listed.size()) {
      all.add((ranges - listed.size()) + " ranges more, of " + messages + " offsets in all");
    }
    return all;
  }
}
