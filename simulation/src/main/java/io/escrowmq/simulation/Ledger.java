package io.escrowmq.simulation;

import io.escrowmq.simulation.Entry.Kind;
import java.time.Duration;
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

  private static final int[] DELAY_SECONDS = {0, 1, 5, 10, 30, 60}; // of each level
  private static final long LEAST_NANOS_OF_SECOND =
      900_000_000; // of a delay: clocks are read in between
  private static final long MOST_UNKNOWN_BYTES = 3L * Settings.SEGMENT_BYTES; // of a log's length
  private static final int MANY = 100; // messages, of which a part must have been acknowledged
  private static final int LEAST_PART = 4; // one of so many
  private static final Duration SLACK = Duration.ofSeconds(30);

  private final Conditions conditions;
  private final Cluster cluster;
  private final boolean isDamaged;
  private final boolean forgives; // loss
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Deal> deals = new ArrayList<>();
  private final Map<Place, String> places = new HashMap<>();
  private final Map<Queue, Long> ends = new HashMap<>(); // the highest that was told or seen
  private final Map<Queue, Long> acknowledged = new HashMap<>(); // the last one
  private long skipped; // by whoever reads each queue as it grows

  Ledger(Conditions conditions, Cluster cluster) {
    this.conditions = conditions;
    this.cluster = cluster;
    this.isDamaged = conditions.flips();
    this.forgives = isDamaged || conditions.retains();
  }

  /** Topics of this kind come and go, and their messages with them. */
  static boolean isFleeting(String topic) {
    return topic.startsWith("fleeting");
  }

  Entry begin(Shipment shipment) {
    Queue queue = new Queue(shipment.broker(), shipment.topic(), shipment.queueId());
    Deal deal = shipment.deal();
    long behind = acknowledged.getOrDefault(queue, -1L);
    long earliest = cluster.nanos() + DELAY_SECONDS[shipment.delayLevel()] * LEAST_NANOS_OF_SECOND;
    Entry entry = new Entry("m" + entries.size(), shipment.kind(), queue, deal, behind, earliest);
    entry.wasSentInCalm = cluster.canAnswer(queue.broker());
    entries.put(entry.id, entry);
    if (deal == null) {
      entry.mayBeSeen(cluster.nanos(), cluster.logEnds());
    } else {
      if (deal.entries.isEmpty()) {
        deals.add(deal);
      }
      deal.entries.add(entry);
    }
    return entry;
  }

  /** Somebody reports how a transaction ended; false when somebody did before. */
  boolean reported(Deal deal, boolean commit) {
    if (commit) {
      deal.entries.forEach(entry -> entry.mayBeSeen(cluster.nanos(), cluster.logEnds()));
    }
    return deal.reported(commit);
  }

  /** The message of this id, whatever is known of it. */
  Entry find(String id, String by) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new Violation("%s names the message %s, which nobody sent".formatted(by, id));
    }
    return entry;
  }

  /** Messages are sent once more, as before: they are there once, if no crash has left a part of a batch. */
  void sentAgain(List<Entry> again) {
    boolean mayGoElsewhere =
        again.get(0).broker == Entry.ANY && cluster.brokers().size() > 1;
    boolean mayStandTwice = conditions.remembersFew() || again.size() > 1 || mayGoElsewhere;
    again.forEach(entry -> entry.mayStandTwice |= mayStandTwice);
  }

  /** The broker has acknowledged a send and named its place, which counts unless it is in escrow. */
  void acknowledged(Entry entry, Queue queue, long queueOffset, long position) {
    if (!entry.isAcknowledged) {
      entry.acknowledgedNanos = cluster.nanos();
    }
    entry.isAcknowledged = true;
    entry.broker = queue.broker();
    entry.position = position;
    if (entry.kind == Kind.PLAIN && !isFleeting(entry.topic)) {
      if (queueOffset <= entry.behind && !entry.mayStandTwice) {
        throw new Violation(
            "the %s stands at %d, but was sent when the one at %d of %s was acknowledged"
                .formatted(entry, queueOffset, entry.behind, queue));
      }
      stands(entry, new Place(queue, queueOffset));
      acknowledged.merge(queue, queueOffset, Math::max);
    }
  }

  /** What is certainly in a topic of a broker now: it goes with the topic. */
  List<Entry> in(int broker, String topic) {
    return entries.values().stream()
        .filter(
            entry -> entry.broker == broker && entry.topic.equals(topic) && entry.isAcknowledged)
        .toList();
  }

  /** The topic of these was deleted. */
  void gone(List<Entry> gone) {
    gone.forEach(entry -> entry.goneNanos = Math.min(entry.goneNanos, cluster.nanos()));
  }

  /**
   * A request of any kind has shown this message.
   *
   * @param asked when the request was made
   */
  Entry shown(String id, int broker, String topic, String by, long asked) {
    Entry entry = find(id, by);
    if (asked > entry.goneNanos) {
      throw new Violation(
          "%s shows the %s, whose topic %s was deleted before that".formatted(by, entry, topic));
    }
    if (!conditions.clocksLeap() && cluster.nanos() < entry.earliestNanos) {
      throw new Violation("%s shows the %s, which was to be delayed, %d ms too soon"
          .formatted(by, entry, (entry.earliestNanos - cluster.nanos()) / 1_000_000));
    }
    if (!entry.topic.equals(topic)) {
      throw new Violation(
          "%s shows the %s in %s, not in %s".formatted(by, entry, topic, entry.topic));
    }
    Deal deal = entry.deal;
    if (deal != null) {
      if (!deal.mayBeCommitted()) {
        throw new Violation("%s shows the %s, which %s"
            .formatted(
                by, entry, deal.isEnded() ? "is rolled back" : "nobody has asked to commit yet"));
      }
      deal.ended(true, by, cluster.nanos());
    }
    if (entry.shownBy == null) {
      entry.shownBy = by;
      entry.shownOn = broker;
      entry.shownNanos = cluster.nanos();
    }
    return entry;
  }

  /** The shop has got this message. */
  void handled(String id, int broker, String topic) {
    shown(id, broker, topic, "the shop's client", 0).isHandled = true;
  }

  /** A pull has brought this message. */
  void pulled(String id, Place place, long asked) {
    Queue queue = place.queue();
    Entry entry = shown(id, queue.broker(), queue.topic(), "a pull at " + place, asked);
    entry.pulledNanos = cluster.nanos();
    if (!isFleeting(entry.topic)) {
      stands(entry, place);
      ends.merge(queue, place.queueOffset() + 1, Math::max);
    }
  }

  private void stands(Entry entry, Place place) {
    String other = places.putIfAbsent(place, entry.id);
    if (other != null && !other.equals(entry.id)) {
      throw new Violation(
          "at %s stood the message %s, and now the %s".formatted(place, other, entry));
    }
    if (entry.place != null && !entry.place.equals(place) && !entry.mayStandTwice) {
      throw new Violation("the %s stands at %s and at %s".formatted(entry, entry.place, place));
    }
    if (!place.equals(entry.place)) {
      entry.placeNanos = cluster.nanos();
    }
    entry.place = place;
  }

  /**
   * The power of a broker has failed, and not all was synced: what was told before this time is so, what was told later
   * may be so or not. Returns the transactions that may be open again.
   */
  List<Deal> lost(int broker, long safeNanos) {
    List<Deal> open = deals.stream()
        .filter(deal -> deal.broker == broker && deal.forget(safeNanos))
        .toList();
    entries.values().stream()
        .filter(entry -> entry.broker == broker)
        .forEach(entry -> entry.forget(safeNanos));
    places.keySet().removeIf(place -> place.queue().broker() == broker);
    ends.keySet().removeIf(queue -> queue.broker() == broker);
    acknowledged.keySet().removeIf(queue -> queue.broker() == broker);
    for (Entry entry : entries.values()) {
      Place place = entry.place;
      if (place != null) {
        Queue queue = place.queue();
        places.put(place, entry.id);
        ends.merge(queue, place.queueOffset() + 1, Math::max);
        if (entry.isAcknowledged) {
          acknowledged.merge(queue, place.queueOffset(), Math::max);
        }
      }
    }
    return open;
  }

  /** Up to where a queue was told or seen to go: it never goes back. */
  long end(Queue queue) {
    return ends.getOrDefault(queue, 0L);
  }

  /** A broker has told where a queue ends, when it was asked after the queue had gone to here. */
  void ends(Queue queue, long maxOffset, long before) {
    if (maxOffset < before && !isFleeting(queue.topic())) {
      throw new Violation("%s went up to %d, and now to %d".formatted(queue, before, maxOffset));
    }
    ends.merge(queue, maxOffset, Math::max);
  }

  /**
   * A pull has led past these offsets.
   *
   * @param follows whether this reader has seen all that was there before
   */
  void led(Queue queue, long from, long to, boolean follows) {
    if (!forgives && !isFleeting(queue.topic())) {
      throw new Violation("%s has nothing at %d: the next one is at %d".formatted(queue, from, to));
    }
    skipped += follows ? to - from : 0;
  }

  /** A request that was made when it had to be visible did not find it. */
  void notFound(Entry entry, int broker, String by) {
    if (!isFleeting(entry.topic) && !isDamaged && !mayBeGone(entry, broker)) {
      throw new Violation("%s does not find the %s, which %s"
          .formatted(
              by,
              entry,
              entry.shownBy == null ? "was acknowledged" : entry.shownBy + " has shown"));
    }
  }

  // What left escrow is kept for half of the retention, and so is all else.
  private boolean mayBeGone(Entry entry, int broker) {
    long grown = cluster.broker(broker).logEnd() - entry.seenFromLogEnds[broker];
    long nanos = cluster.nanos() - entry.seenFromNanos;
    long keepNanos = conditions.keep().toNanos() / (conditions.clocksLeap() ? 4 : 2);
    return nanos > keepNanos - SLACK.toNanos()
        || (conditions.keepSegments() > 0
            && grown > conditions.keepBytes() / 2 - MOST_UNKNOWN_BYTES);
  }

  /**
   * The broker says that it knows nothing of a transaction.
   *
   * @param wasOpen nobody had reported before
   */
  void unknown(Deal deal, boolean wasOpen) {
    Entry stored = deal.stored();
    if (stored != null && (wasOpen || !forgives) && !isDamaged && !isFleeting(stored.topic)) {
      throw new Violation(
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
    for (Entry entry : entries.values()) {
      if (entry.topic.equals(Shop.TOPIC)
          && !conditions.losesTail() // there are no shops then
          && entry.place != null
          && !entry.isHandled
          && !forgives
          && entry.mustBecomeVisible()) {
        return "the %s was not handled by the shop".formatted(entry);
      }
    }
    for (Deal deal : deals) {
      Entry stored = deal.stored();
      if (!deal.isEnded()
          && !deal.isOfShop() // which looks for itself
          && stored != null
          && !isDamaged
          && !isFleeting(stored.topic)) {
        return deal + ", whose " + stored + " was acknowledged, is still undecided";
      }
    }
    return null;
  }

  /** Fails when hardly anything was acknowledged, though nothing stood between senders and the broker. */
  void wasNotIdle() {
    long calm = entries.values().stream().filter(entry -> entry.wasSentInCalm).count();
    long answered = entries.values().stream()
        .filter(entry -> entry.wasSentInCalm && entry.isAcknowledged)
        .count();
    if (calm >= MANY && answered * LEAST_PART < calm) {
      throw new Violation(
          "%d of %d messages were acknowledged that were sent to a broker that was well"
              .formatted(answered, calm));
    }
  }

  private static boolean isSeen(Entry entry) {
    return entry.shownBy != null && entry.place != null;
  }

  /**
   * The store was repaired, and all queues were read from this time on: only what lay in the damage is
   * missing.
   */
  void onlyDamageIsMissing(long readFromNanos) {
    for (Entry entry : entries.values()) {
      boolean mustBeThere = entry.kind == Kind.PLAIN
          && entry.isAcknowledged
          && entry.acknowledgedNanos < readFromNanos // else it may come behind the reader
          && entry.position >= 0
          && !isFleeting(entry.topic)
          && !conditions.retains()
          && !cluster.broker(entry.broker).isLost(entry.position);
      if (mustBeThere && entry.pulledNanos < readFromNanos) {
        throw new Violation(
            "after the repair the %s at position %d is missing, and lay in no damage"
                .formatted(entry, entry.position));
      }
    }
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
