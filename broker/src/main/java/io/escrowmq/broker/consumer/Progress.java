package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.MemoryShare;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How far one group is on the queues of one topic.
 *
 * <p>Any thread reports and asks; what is recorded belongs to the log loop.
 */
final class Progress {

  static final long NONE = -1;

  /** What the offset of one queue takes with all around it. */
  static final long PLACE_BYTES = 192;

  /** One queue. Three numbers, because what is known is ahead of what is recorded. */
  private static final class Place {
    volatile long reported = NONE; // any thread; NONE: nothing since the start
    volatile long recorded = NONE; // log loop
    volatile long resetTo = NONE; // set by the log loop, taken by the next pull
    volatile long pulled = NONE; // where the last pull began; any thread, not recorded
    boolean resetLast; // what was recorded last is a reset; log loop

    long offset() {
      long reset = resetTo;
      if (reset != NONE) {
        return reset;
      }
      long known = reported;
      return known != NONE ? known : recorded;
    }

    synchronized long takeReset() {
      long offset = resetTo;
      if (offset != NONE) {
        reported = offset;
        resetTo = NONE;
      }
      return offset;
    }

    synchronized void reset(long offset) {
      resetLast = true;
      recorded = offset;
      reported = NONE;
      resetTo = offset;
    }
  }

  private final String group;
  private final String topic;
  private final Map<Integer, Place> places = new ConcurrentHashMap<>();
  private final AtomicBoolean changed = new AtomicBoolean(); // waits to be recorded
  private final MemoryShare memory;
  private volatile boolean forgotten;
  private volatile @Nullable Map<Integer, RecordedOffset> lastImage; // null: something changed

  /**
   * @param memory has what is kept counted in it
   */
  Progress(String group, String topic, MemoryShare memory) {
    this.group = group;
    this.topic = topic;
    this.memory = memory;
  }

  String group() {
    return group;
  }

  String topic() {
    return topic;
  }

  // Any thread

  /** The offset of the next message to consume; {@link #NONE} when nothing is known. */
  long find(int queueId) {
    Place place = places.get(queueId);
    return place == null ? NONE : place.offset();
  }

  boolean isKnown(int queueId) {
    return places.containsKey(queueId);
  }

  /** It is not asked any more. */
  void forget() {
    forgotten = true;
    for (Integer queueId : List.copyOf(places.keySet())) {
      if (places.remove(queueId) != null) {
        memory.add(-PLACE_BYTES);
      }
    }
  }

  /** Queue id to offset, in ascending order. */
  Map<Integer, Long> all() {
    Map<Integer, Long> offsets = new TreeMap<>();
    places.forEach((queueId, place) -> offsets.put(queueId, place.offset()));
    return offsets;
  }

  /** Takes a report, unless a reset waits. True when there is something to record. */
  boolean report(int queueId, long offset) {
    Place place = place(queueId);
    if (place.resetTo != NONE || place.offset() == offset) {
      return false;
    }
    place.reported = offset;
    return true;
  }

  /** Where the group's last pull of the queue began; {@link #NONE} when nothing is known. */
  long pulled(int queueId) {
    Place place = places.get(queueId);
    return place == null ? NONE : place.pulled;
  }

  /**
   * A pull begins at this offset. Answers where a reset wants it to be sent; {@link #NONE} without
   * one. It is told once, and from then on reports count again.
   */
  long pulling(int queueId, long from) {
    Place place = places.get(queueId);
    if (place == null) {
      return NONE;
    }
    place.pulled = from;
    if (place.resetTo == NONE) {
      return NONE;
    }
    return place.takeReset();
  }

  /** True for the one who has to put it among those that wait to be recorded. */
  boolean markChanged() {
    return !changed.get() && changed.compareAndSet(false, true);
  }

  // The log loop

  /** From now on, reports mark it again. */
  void unmark() {
    changed.set(false);
  }

  /**
   * What is known and not recorded: queue id to offset; null when there is nothing. A queue whose
   * reset waits is left out: the reset itself is recorded, and recording an offset would end it.
   */
  @Nullable
  Map<Integer, Long> unrecorded() {
    Map<Integer, Long> unrecorded = null;
    for (Map.Entry<Integer, Place> entry : places.entrySet()) {
      Place place = entry.getValue();
      long known = place.reported;
      if (known != NONE && known != place.recorded && place.resetTo == NONE) {
        unrecorded = unrecorded == null ? new TreeMap<>() : unrecorded;
        unrecorded.put(entry.getKey(), known);
      }
    }
    return unrecorded;
  }

  /** Whether this is recorded, and nothing else was reported since; or a reset waits. */
  boolean isSettled(int queueId, long offset) {
    Place place = places.get(queueId);
    return place != null
        && (place.resetTo != NONE || (place.recorded == offset && place.offset() == offset));
  }

  /** An offset is recorded. At restart this also ends a reset that was recorded before it. */
  void applyReport(int queueId, long offset) {
    lastImage = null;
    Place place = place(queueId);
    place.recorded = offset;
    place.resetLast = false;
    place.resetTo = NONE;
  }

  /** A reset is recorded: it holds until it has reached the consumer. */
  void applyReset(int queueId, long offset) {
    lastImage = null;
    place(queueId).reset(offset);
  }

  /**
   * Recorded offsets and whether a reset waits, for the state file: as the records say, whatever was pulled since.
   * Immutable, and made anew only when something changed: most groups rest, and the log loop must not wait
   * for them.
   */
  Map<Integer, RecordedOffset> recorded() {
    Map<Integer, RecordedOffset> image = lastImage;
    if (image == null) {
      Map<Integer, RecordedOffset> recorded = new TreeMap<>();
      places.forEach((queueId, place) -> {
        if (place.recorded != NONE) {
          recorded.put(queueId, new RecordedOffset(place.recorded, place.resetLast));
        }
      });
      image = Collections.unmodifiableMap(recorded);
      lastImage = image;
    }
    return image;
  }

  /** What the log says of one queue. */
  record RecordedOffset(long offset, boolean resetWaits) {}

  private Place place(int queueId) {
    Place known = places.get(queueId);
    if (known != null) {
      return known;
    }
    Place made = places.computeIfAbsent(queueId, id -> {
      memory.add(PLACE_BYTES);
      return new Place();
    });
    if (forgotten) { // meanwhile: nothing else would take it off again
      forget();
    }
    return made;
  }
}
