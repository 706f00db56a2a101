package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.AllOrNone;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.RecordKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request makes of groups. Each is judged on what those before it leave, and nothing is
 * changed before all are judged. Log loop only.
 */
final class GroupChanges {

  private final GroupCatalog groups;
  private final Recorder recorder;
  private final AllOrNone records;
  private final Map<String, Group> wanted = new HashMap<>();
  private long moreBytes;

  GroupChanges(GroupCatalog groups, Recorder recorder) {
    this.groups = groups;
    this.recorder = recorder;
    this.records = AllOrNone.of(recorder, RecordKind.GROUP);
  }

  /** The group as it would be by now; null when there is none. */
  @Nullable
  Group find(String name) {
    Group group = wanted.get(name);
    return group != null ? group : groups.find(name);
  }

  /** Takes one more; answers why the group cannot become so, null when it can. */
  @Nullable
  Refusal add(Group after) {
    if (after.equals(find(after.name()))) {
      return null;
    }
    String tooMuch = GroupLimits.attributesRefusal(after.attributes());
    if (tooMuch != null) {
      return new Refusal.BadValue(tooMuch);
    }
    Group before = wanted.put(after.name(), after);
    moreBytes += after.bytes() - (before == null ? groups.bytes(after.name()) : before.bytes());
    String full = groups.refusal(moreBytes);
    return full != null
        ? new Refusal.NotKept(full)
        : records.add(GroupRecords.changed(recorder.nowMillis(), after));
  }

  /** Records all that was taken; nothing was refused before. */
  void record() {
    records.record();
  }
}
