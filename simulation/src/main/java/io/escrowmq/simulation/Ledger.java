package io.escrowmq.simulation;

import io.escrowmq.simulation.Entry.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reference model: what clients were told and what they saw. It judges each observation at once, and
 * at the end what is missing.
 */
final class Ledger {

  /** A queue of a topic. */
  record Queue(String topic, int queueId) {}

  private static final long LEAST_DELAY_NANOS = 900_000_000; // of the shortest delay, 1 s

  private final boolean isDamaged;
  private final boolean clocksLeap;
  private final boolean forgives; // loss
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Deal> deals = new ArrayList<>();
  private final Map<Place, String> places = new HashMap<>();
  private final Map<Queue, Long> ends = new HashMap<>(); // the highest that was told or seen
  private final Map<Queue, Long> acknowledged = new HashMap<>(); // the last one
  private long skipped;

  /**
   * @param isDamaged whether bits turn over on the disk
   * @param retains whether old messages go
   * @param clocksLeap and delays are shorter then
   */
  Ledger(boolean isDamaged, boolean retains, boolean clocksLeap) {
    this.clocksLeap = clocksLeap;
    this.isDamaged = isDamaged;
    this.forgives = isDamaged || retains;
  }

  /** Topics of this kind come and go, and their messages with them. */
  static boolean isFleeting(String topic) {
    return topic.startsWith("fleeting");
  }

  Entry begin(Kind kind, String topic, int queueId, @Nullable Deal deal, long nanos) {
    long behind = acknowledged.getOrDefault(new Queue(topic, queueId), -1L);
    Entry entry = new Entry("m" + entries.size(), kind, topic, queueId, deal, behind, nanos);
    entries.put(entry.id, entry);
    if (deal != null) {
      if (deal.entries.isEmpty()) {
        deals.add(deal);
      }
      deal.entries.add(entry);
    }
    return entry;
  }

  /** The message of this id, whatever is known of it. */
  Entry find(String id, String by) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new Broken("%s names the message %s, which nobody sent".formatted(by, id));
    }
    return entry;
  }

  /** The broker has acknowledged a send and named its place, which counts unless it is in escrow. */
  void acknowledged(Entry entry, long queueOffset, long position) {
    entry.isAcknowledged = true;
    entry.position = position;
    if (entry.kind == Kind.PLAIN && !isFleeting(entry.topic)) {
      if (queueOffset <= entry.behind) {
        throw new Broken(
            "the %s stands at %d, but was sent when the one at %d of %s/%d was acknowledged"
                .formatted(entry, queueOffset, entry.behind, entry.topic, entry.queueId));
      }
      stands(entry, new Place(entry.topic, entry.queueId, queueOffset));
      acknowledged.merge(new Queue(entry.topic, entry.queueId), queueOffset, Math::max);
    }
  }

  /** A request of any kind has shown this message. */
  Entry shown(String id, String topic, String by, long nanos) {
    Entry entry = find(id, by);
    if (entry.kind == Kind.DELAYED && !clocksLeap && nanos - entry.sentNanos < LEAST_DELAY_NANOS) {
      throw new Broken("%s shows the %s, which was to be delayed for a second, after %d ms"
          .formatted(by, entry, (nanos - entry.sentNanos) / 1_000_000));
    }
    if (!entry.topic.equals(topic)) {
      throw new Broken("%s shows the %s in %s, not in %s".formatted(by, entry, topic, entry.topic));
    }
    Deal deal = entry.deal;
    if (deal != null) {
      if (!deal.mayBeCommitted()) {
        throw new Broken("%s shows the %s, which %s"
            .formatted(
                by, entry, deal.isEnded() ? "is rolled back" : "nobody has asked to commit yet"));
      }
      deal.ended(true, by);
    }
    if (entry.shownBy == null) {
      entry.shownBy = by;
    }
    return entry;
  }

  /** A pull has brought this message. */
  void pulled(String id, Place place, long nanos) {
    Entry entry = shown(id, place.topic(), "a pull at " + place, nanos);
    if (!isFleeting(entry.topic)) {
      stands(entry, place);
      ends.merge(new Queue(place.topic(), place.queueId()), place.queueOffset() + 1, Math::max);
    }
  }

  private void stands(Entry entry, Place place) {
    String other = places.putIfAbsent(place, entry.id);
    if (other != null && !other.equals(entry.id)) {
      throw new Broken("at %s stood the message %s, and now the %s".formatted(place, other, entry));
    }
    if (entry.place != null && !entry.place.equals(place)) {
      throw new Broken("the %s stands at %s and at %s".formatted(entry, entry.place, place));
    }
    entry.place = place;
  }

  /** Up to where a queue was told or seen to go: it never goes back. */
  long end(String topic, int queueId) {
    return ends.getOrDefault(new Queue(topic, queueId), 0L);
  }

  /** A broker has told where a queue ends, when it was asked after the queue had gone to here. */
  void ends(String topic, int queueId, long maxOffset, long before) {
    if (maxOffset < before && !isFleeting(topic)) {
      throw new Broken(
          "%s/%d went up to %d, and now to %d".formatted(topic, queueId, before, maxOffset));
    }
    ends.merge(new Queue(topic, queueId), maxOffset, Math::max);
  }

  /** A pull has led past these offsets. */
  void led(String topic, int queueId, long from, long to) {
    if (!forgives && !isFleeting(topic)) {
      throw new Broken(
          "%s/%d has nothing at %d: the next one is at %d".formatted(topic, queueId, from, to));
    }
    skipped += to - from;
  }

  /** A request that was made when it had to be visible did not find it. */
  void notFound(Entry entry, String by) {
    if (!forgives && !isFleeting(entry.topic)) {
      throw new Broken("%s does not find the %s, which %s"
          .formatted(
              by,
              entry,
              entry.shownBy == null ? "was acknowledged" : entry.shownBy + " has shown"));
    }
  }

  /**
   * The broker says that it knows nothing of a transaction.
   *
   * @param wasOpen nobody had reported before
   */
  void unknown(Deal deal, boolean wasOpen) {
    Entry stored = deal.stored();
    if (stored != null && (wasOpen || !forgives) && !isDamaged && !isFleeting(stored.topic)) {
      throw new Broken(
          "the broker knows nothing of %s, whose %s it has acknowledged".formatted(deal, stored));
    }
    if (forgives) {
      deal.isTooOld();
    }
  }

  /** The first promise that is not kept yet; null when all are. */
  @Nullable
  String missing() {
    long unplaced = 0;
    Entry first = null;
    for (Entry entry : entries.values()) {
      boolean isMissing = entry.mustBecomeVisible() && !isSeen(entry) && !isFleeting(entry.topic);
      if (isMissing) {
        unplaced++;
        first = first == null ? entry : first;
      }
    }
    if (first != null && !(forgives && unplaced <= skipped)) {
      return "%d messages were to become visible and are not, one is the %s"
          .formatted(unplaced, first);
    }
    for (Deal deal : deals) {
      Entry stored = deal.stored();
      if (!deal.isEnded() && stored != null && !isDamaged && !isFleeting(stored.topic)) {
        return deal + ", whose " + stored + " was acknowledged, is still undecided";
      }
    }
    return null;
  }

  private boolean isSeen(Entry entry) {
    return entry.shownBy != null && entry.place != null;
  }

  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  int sent() {
    return entries.size();
  }

  long acknowledged() {
    return entries.values().stream().filter(entry -> entry.isAcknowledged).count();
  }

  long seen() {
    return entries.values().stream().filter(entry -> entry.shownBy != null).count();
  }
}
