package io.escrowmq.broker;

import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.LogRoom;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.Shortage;
import io.escrowmq.store.StorageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies a log of which parts are lost: queues go on where their next message says, and a record
 * whose facts contradict what is left makes visible what it can. Used once, by {@link StoreRepair}.
 */
final class Salvage {

  private static final int MOST_NAMED = 64;

  private final TopicEvidence topics = new TopicEvidence();
  private final MessageView message = new MessageView();

  private final List<String> told = new ArrayList<>();
  private final Map<String, Long> skipped = new LinkedHashMap<>(); // entries, by queue
  private final List<String> notApplied = new ArrayList<>(); // the first of them
  private long notAppliedInAll;

  /** A message becomes visible at this place. */
  private record Place(String topic, int queueId, long queueOffset, long timeMillis) {}

  /** What is applied begins here, and a state file tells the topics that are there. */
  void knowsTopicsBefore(long position) {
    topics.knownBefore(position);
  }

  void apply(LogRecord record, BrokerCore core) {
    long position = record.position();
    List<Release> releases = List.of();
    try {
      releases = releasesOf(record);
      lookForTopics(record, releases);
      placesOf(record, releases).forEach(place -> skipTo(place, core));
      core.store.appliers().apply(record);
    } catch (RuntimeException e) { // a fact before it is lost, or it is no fact at all
      passOver(record.kind(), position, e, core);
      release(releases, position, core);
    }
  }

  private void lookForTopics(LogRecord record, List<Release> releases) {
    if (record.kind() == RecordKind.TOPIC_DELETED) {
      topics.deleted(TopicRecords.nameOfDeleted(record.payload()), record.position());
    }
    int at = StoredMessages.messageAt(record);
    if (at >= 0) {
      message.wrap(record.payload(), at);
      topics.sent(
          message.topic(), message.queueId(), StoredMessages.firstPosition(record, message));
    }
    releases.forEach(
        release -> topics.sent(release.topic(), release.queueId(), release.position()));
  }

  private void passOver(RecordKind kind, long position, RuntimeException why, BrokerCore core) {
    if (!StorageException.isOfTheRecord(why)) {
      throw why;
    }
    notAppliedInAll++;
    if (notApplied.size() < MOST_NAMED) {
      notApplied.add("the " + kind + " record at position " + position + " of "
          + core.store.log().fileOf(position) + " was applied in part or not at all: it contradicts"
          + " what is left of the log, or cannot be read (" + why.getMessage() + ")");
    }
  }

  private void release(List<Release> releases, long position, BrokerCore core) {
    for (Release release : releases) {
      try {
        core.store.queueViews().release(release, position);
      } catch (RuntimeException twice) {
        told.add("not visible again: " + twice.getMessage());
      }
    }
  }

  private static List<Release> releasesOf(LogRecord record) {
    if (record.kind() == RecordKind.DECISION) {
      return Transactions.releasesOf(record);
    }
    Release release =
        record.kind() == RecordKind.DELIVERY ? DelayedMessages.releaseOf(record) : null;
    return release == null ? List.of() : List.of(release);
  }

  /** The first place in each queue that the record speaks of. */
  private static List<Place> placesOf(LogRecord record, List<Release> releases) {
    if (record.kind() == RecordKind.MESSAGE) {
      MessageView message =
          new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
      return List.of(new Place(
          message.topic(), message.queueId(), message.queueOffset(), message.storeTimestamp()));
    }
    List<Place> places = new ArrayList<>();
    Set<String> queues = new HashSet<>();
    for (Release release : releases) {
      if (queues.add(release.topic() + "/" + release.queueId())) {
        places.add(new Place(
            release.topic(), release.queueId(), release.queueOffset(), release.timeMillis()));
      }
    }
    return places;
  }

  private void skipTo(Place place, BrokerCore core) {
    long tail = core.store.queueViews().tail(place.topic, place.queueId);
    if (place.queueOffset > tail) {
      skipped.merge(place.topic + "/" + place.queueId, place.queueOffset - tail, Long::sum);
      core.store.queues().skipTo(place.topic, place.queueId, place.queueOffset, place.timeMillis);
    }
  }

  /** Records what makes the state usable: topics that have messages, an end for lost transactions. */
  void complete(BrokerCore core, long nowMillis) {
    topics.seen().forEach((name, seen) -> completeTopic(core, name, seen, nowMillis));
    core.store.queues().queuesByTopic().forEach((name, queues) -> {
      if (core.topics.catalog().find(name) == null) { // a state file had its queues
        makeTopic(core, name, new TopicEvidence.Seen(0, queues), nowMillis);
      }
    });
    core.transactions
        .transactions()
        .rollBacksOfLost(core.store.log(), nowMillis)
        .forEach((id, decision) -> {
          told.add("the transaction " + id + " was rolled back: a half-message of it is lost");
          record(core, RecordKind.DECISION, 0, decision);
        });
    core.store.log().write();
    core.store.log().sync();
  }

  private void completeTopic(
      BrokerCore core, String name, TopicEvidence.Seen seen, long nowMillis) {
    Topic topic = core.topics.catalog().find(name);
    if (topic == null) {
      makeTopic(core, name, seen, nowMillis);
    } else if (!core.topics.catalog().holds(name, seen.since())) {
      told.add(
          "the topic " + name + " is older than what the log has of it: it is taken to be there"
              + " since position " + seen.since() + ", where its first message lies");
      record(core, topic, seen.since(), nowMillis);
    }
  }

  private void makeTopic(BrokerCore core, String name, TopicEvidence.Seen seen, long nowMillis) {
    told.add("the topic " + name + " was known by its messages only: it has " + seen.queues()
        + " queues now, to read and write");
    record(core, Topic.of(name, seen.queues(), Topic.READ | Topic.WRITE), seen.since(), nowMillis);
  }

  private static void record(BrokerCore core, Topic topic, long since, long nowMillis) {
    record(
        core, RecordKind.TOPIC, TopicRecords.SINCE, TopicRecords.changed(nowMillis, topic, since));
  }

  private static void record(BrokerCore core, RecordKind kind, int flags, byte[] payload) {
    LogRoom room = core.store.log().room();
    if (!room.inReserve(payload.length)) {
      throw new StorageException(
          StorageException.Reason.FULL,
          room.shortage() instanceof Shortage.OfDisk disk
              ? "the disk is full: " + disk.missingBytes() + " bytes are missing"
              : "a record of " + payload.length + " bytes fits no segment");
    }
    core.store
        .appliers()
        .apply(core.store
            .log()
            .append(kind, flags, payload.length, (position, batch) -> batch.put(payload)));
  }

  /** What is missing, in sentences. */
  List<String> told() {
    List<String> all = new ArrayList<>();
    skipped.forEach((queue, entries) ->
        all.add(entries + " offsets of " + queue + " have no message any more"));
    all.addAll(notApplied);
    if (notAppliedInAll > notApplied.size()) {
      all.add((notAppliedInAll - notApplied.size()) + " more records were applied in part");
    }
    all.addAll(told);
    return all;
  }
}
