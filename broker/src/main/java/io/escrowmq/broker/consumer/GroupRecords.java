package io.escrowmq.broker.consumer;

import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import java.io.DataInput;
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
 * strings        length uint16, UTF-8
 * </pre>
 */
final class GroupRecords {

  /** A group was created or changed. */
  record Change(long timeMillis, Group group) {}

  /** A group was deleted. */
  record Deletion(long timeMillis, String group, boolean withOffsets) {}

  private static final int USUAL_BYTES = 128;

  private GroupRecords() {}

  static byte[] changed(long timeMillis, Group group) {
    FieldWriter out = new FieldWriter("a GROUP record", USUAL_BYTES).int64(timeMillis);
    write(group, out);
    return out.toBytes();
  }

  static byte[] deleted(long timeMillis, String group, boolean withOffsets) {
    return new FieldWriter("a GROUP_DELETED record", USUAL_BYTES)
        .int64(timeMillis)
        .text16("name", group)
        .bool(withOffsets)
        .toBytes();
  }

  static Change readChanged(ByteBuffer payload) {
    return FieldReader.read(payload, in -> new Change(in.readLong(), readGroup(in)));
  }

  static Deletion readDeleted(ByteBuffer payload) {
    return FieldReader.read(
        payload, in -> new Deletion(in.readLong(), FieldReader.text16(in), in.readBoolean()));
  }

  static void write(Group group, FieldWriter out) {
    out.text16("name", group.name());
    out.bool(group.consumeEnabled()).bool(group.consumeFromMinEnabled());
    out.bool(group.broadcastEnabled()).bool(group.ordered());
    out.int32(group.retryQueues()).int32(group.mostRetries());
    out.int64(group.brokerId()).int64(group.brokerIdWhenSlow());
    out.bool(group.notifyMembers()).int32(group.sysFlag()).int32(group.consumeTimeoutMinutes());
    out.int32(group.attributes().size());
    for (Map.Entry<String, String> attribute : group.attributes().entrySet()) {
      out.text16("attribute's name", attribute.getKey());
      out.text16("attribute's value", attribute.getValue());
    }
    out.int32(group.unreadableTopics().size());
    for (String topic : group.unreadableTopics()) {
      out.text16("unreadable topic", topic);
    }
  }

  static Group readGroup(DataInput in) throws IOException {
    return new Group(
        FieldReader.text16(in),
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
      attributes.put(FieldReader.text16(in), FieldReader.text16(in));
    }
    return attributes;
  }

  private static Set<String> readNames(DataInput in) throws IOException {
    Set<String> names = new HashSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      names.add(FieldReader.text16(in));
    }
    return names;
  }
}
