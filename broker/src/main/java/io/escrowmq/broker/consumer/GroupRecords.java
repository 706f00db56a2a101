package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.Payload;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Consumer groups as bytes, in log records and in the state file.
 *
 * <pre>
 * GROUP          time int64 | group
 * GROUP_DELETED  time int64 | name | offsets too bool
 * group          name | consumeEnabled bool | fromMin bool | broadcast bool | ordered bool
 *                | retryQueues int32 | mostRetries int32 | brokerId int64
 *                | brokerIdWhenSlow int64 | notifyMembers bool | sysFlag int32
 *                | consumeTimeoutMinutes int32 | attributes: count int32, (name, value)*
 *                | unreadable topics: count int32, name*
 * strings        modified UTF-8 with an unsigned 16-bit length
 * </pre>
 */
final class GroupRecords {

  /** A group was created or changed. */
  record Changed(long timeMillis, Group group) {}

  /** A group was deleted. */
  record Deleted(long timeMillis, String group, boolean withOffsets) {}

  private GroupRecords() {}

  static byte[] changed(long timeMillis, Group group) {
    return Payload.write(out -> {
      out.writeLong(timeMillis);
      write(group, out);
    });
  }

  static byte[] deleted(long timeMillis, String group, boolean withOffsets) {
    return Payload.write(out -> {
      out.writeLong(timeMillis);
      out.writeUTF(group);
      out.writeBoolean(withOffsets);
    });
  }

  static Changed readChanged(ByteBuffer payload) {
    return Payload.read(payload, in -> new Changed(in.readLong(), readGroup(in)));
  }

  static Deleted readDeleted(ByteBuffer payload) {
    return Payload.read(payload, in -> new Deleted(in.readLong(), in.readUTF(), in.readBoolean()));
  }

  static void write(Group group, DataOutput out) throws IOException {
    out.writeUTF(group.name());
    out.writeBoolean(group.consumeEnabled());
    out.writeBoolean(group.consumeFromMinEnabled());
    out.writeBoolean(group.broadcastEnabled());
    out.writeBoolean(group.ordered());
    out.writeInt(group.retryQueues());
    out.writeInt(group.mostRetries());
    out.writeLong(group.brokerId());
    out.writeLong(group.brokerIdWhenSlow());
    out.writeBoolean(group.notifyMembers());
    out.writeInt(group.sysFlag());
    out.writeInt(group.consumeTimeoutMinutes());
    out.writeInt(group.attributes().size());
    for (Map.Entry<String, String> attribute : group.attributes().entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeUTF(attribute.getValue());
    }
    out.writeInt(group.unreadableTopics().size());
    for (String topic : group.unreadableTopics()) {
      out.writeUTF(topic);
    }
  }

  static Group readGroup(DataInput in) throws IOException {
    return new Group(
        in.readUTF(),
        in.readBoolean(),
        in.readBoolean(),
        in.readBoolean(),
        in.readBoolean(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readInt(),
        in.readInt(),
        readAttributes(in),
        readNames(in));
  }

  private static Map<String, String> readAttributes(DataInput in) throws IOException {
    Map<String, String> attributes = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      attributes.put(in.readUTF(), in.readUTF());
    }
    return attributes;
  }

  private static Set<String> readNames(DataInput in) throws IOException {
    Set<String> names = new HashSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      names.add(in.readUTF());
    }
    return names;
  }
}
