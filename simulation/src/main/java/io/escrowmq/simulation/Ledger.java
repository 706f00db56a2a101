package io.escrowmq.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reference model: what clients were told and what they saw. It judges each observation at once, and
 * at the end what is missing.
 */
final class Ledger {

  /** What a message is. */
  enum Kind {
    PLAIN,
    DELAYED,
    HALF
  }

  /** One message, from before it was sent. */
  static final class Entry {

    final String id;
    final Kind kind;
    final String topic;
    final boolean commits; // of halves: what its producer decides, and never changes
    boolean isAcknowledged; // the send was
    boolean mayBeVisible; // of halves: a commit may have reached the broker

    @Nullable
    Place seenAt;

    private Entry(String id, Kind kind, String topic, boolean commits) {
      this.id = id;
      this.kind = kind;
      this.topic = topic;
      this.commits = commits;
    }

    boolean mustBeVisible() {
      return isAcknowledged && (kind != Kind.HALF || commits);
    }

    @Override
    public String toString() {
      return kind.name().toLowerCase(java.util.Locale.ROOT) + " message " + id;
    }
  }

  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Place, String> places = new HashMap<>();
  private final Map<String, Map<Integer, Long>> ends = new HashMap<>(); // the highest that was told

  Entry begin(Kind kind, String topic, boolean commits) {
    Entry entry = new Entry("m" + entries.size(), kind, topic, commits);
    if (kind != Kind.HALF) {
      entry.mayBeVisible = true;
    }
    entries.put(entry.id, entry);
    return entry;
  }

  /** The message of this id, whatever is known of it. */
  Entry find(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new Broken("the broker asks about %s, which nobody sent".formatted(id));
    }
    return entry;
  }

  /** The broker has acknowledged a send and named its place. */
  void acknowledged(Entry entry, Place place) {
    entry.isAcknowledged = true;
    if (entry.kind == Kind.PLAIN) {
      stands(entry, place);
    }
  }

  /** A request of any kind has shown this message. */
  Entry shown(String id, String by) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new Broken("%s shows %s, which nobody sent".formatted(by, id));
    }
    if (!entry.mayBeVisible) {
      throw new Broken("%s shows the %s, which %s"
          .formatted(by, entry, entry.commits ? "was not committed yet" : "is rolled back"));
    }
    return entry;
  }

  /** A pull has brought this message. */
  void pulled(String id, Place place) {
    Entry entry = shown(id, "a pull at " + place);
    if (!entry.topic.equals(place.topic())) {
      throw new Broken(
          "the %s was sent to %s and stands at %s".formatted(entry, entry.topic, place));
    }
    stands(entry, place);
    entry.seenAt = place;
  }

  private void stands(Entry entry, Place place) {
    String other = places.putIfAbsent(place, entry.id);
    if (other != null && !other.equals(entry.id)) {
      throw new Broken("at %s stood the message %s, and now the %s".formatted(place, other, entry));
    }
    if (entry.seenAt != null && !entry.seenAt.equals(place)) {
      throw new Broken("the %s stands at %s and at %s".formatted(entry, entry.seenAt, place));
    }
  }

  /** A broker has told where a queue ends. It never goes back for those that saw it. */
  void ends(String topic, int queueId, long maxOffset) {
    long before = ends.computeIfAbsent(topic, name -> new HashMap<>()).getOrDefault(queueId, 0L);
    if (maxOffset < before) {
      throw new Broken(
          "%s/%d ended at %d, and now at %d".formatted(topic, queueId, before, maxOffset));
    }
    ends.get(topic).put(queueId, maxOffset);
  }

  /** All that was promised to be visible and was not pulled. */
  List<Entry> missing() {
    List<Entry> missing = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.mustBeVisible() && entry.seenAt == null) {
        missing.add(entry);
      }
    }
    return missing;
  }

  int sent() {
    return entries.size();
  }

  long acknowledged() {
    return entries.values().stream().filter(entry -> entry.isAcknowledged).count();
  }

  long seen() {
    return entries.values().stream().filter(entry -> entry.seenAt != null).count();
  }
}
