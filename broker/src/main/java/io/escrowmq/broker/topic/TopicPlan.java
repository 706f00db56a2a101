package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.AllOrNone;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.RecordKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request makes of topics. Each is judged on what those before it leave, and nothing is
 * changed before all are judged. Log loop only.
 */
final class TopicPlan {

  private final TopicCatalog topics;
  private final Recorder recorder;
  private final AllOrNone records;
  private final Map<String, Topic> wanted = new HashMap<>();
  private int created;
  private long moreBytes;

  TopicPlan(TopicCatalog topics, Recorder recorder) {
    this.topics = topics;
    this.recorder = recorder;
    this.records = AllOrNone.of(recorder, RecordKind.TOPIC);
  }

  /** Takes one more; answers why the topic cannot become so, null when it can. */
  @Nullable
  Refusal add(TopicWish wish) {
    String illegal = illegal(wish.name());
    if (illegal != null) {
      return new Refusal.BadValue(illegal);
    }
    Topic before = wanted.getOrDefault(wish.name(), topics.find(wish.name()));
    Topic after;
    try {
      after =
          wish.after().apply(before == null ? Map.of() : before.attributes()).checked();
    } catch (IllegalArgumentException e) {
      return new Refusal.BadTopic(String.valueOf(e.getMessage()));
    }
    if (after.equals(before)) {
      return null;
    }
    String refusal = take(before, after);
    return refusal != null
        ? new Refusal.NotKept(refusal)
        : records.add(TopicRecords.changed(recorder.nowMillis(), after));
  }

  /** Why nobody may change a topic of this name; null when one may. */
  private @Nullable String illegal(String name) {
    String refusal = TopicNames.refusal(name);
    if (refusal == null && (TopicNames.isReserved(name) || topics.isBuiltIn(name))) {
      return "the topic '" + name + "' belongs to the broker and cannot be changed";
    }
    return refusal;
  }

  private @Nullable String take(@Nullable Topic before, Topic after) {
    created += before == null ? 1 : 0;
    if (before == null && !topics.hasRoom(created)) {
      return topics.refusal(after.name());
    }
    Topic planned = wanted.put(after.name(), after);
    moreBytes += after.bytes() - (planned == null ? topics.bytes(after.name()) : planned.bytes());
    return topics.memoryRefusal(moreBytes);
  }

  /** Records all that was taken; nothing was refused before. */
  void record() {
    records.record();
  }
}
