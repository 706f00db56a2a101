package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.Payload;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Topics as bytes, in log records and in the state file.
 *
 * <pre>
 * TOPIC          time int64 | topic
 * TOPIC_DELETED  time int64 | name
 * topic          name | read int32 | write int32 | perm int32 | multiTags bool | sysFlag int32 | ordered bool
 *                | attributes: count int32, (name, value)*
 * strings        modified UTF-8 with an unsigned 16-bit length
 * </pre>
 */
public final class TopicRecords {

  /** A change as it stands in the log. */
  record Change<T>(long timeMillis, T what) {}

  private TopicRecords() {}

  public static byte[] changed(long timeMillis, Topic topic) {
    return Payload.write(out -> {
      out.writeLong(timeMillis);
      write(topic, out);
    });
  }

  public static byte[] deleted(long timeMillis, String name) {
    return Payload.write(out -> {
      out.writeLong(timeMillis);
      out.writeUTF(name);
    });
  }

  static Change<Topic> readChanged(ByteBuffer payload) {
    return Payload.read(payload, in -> new Change<>(in.readLong(), readTopic(in)));
  }

  static Change<String> readDeleted(ByteBuffer payload) {
    return Payload.read(payload, in -> new Change<>(in.readLong(), in.readUTF()));
  }

  /** The name in a TOPIC_DELETED record. */
  public static String nameOfDeleted(ByteBuffer payload) {
    return readDeleted(payload).what();
  }

  static void write(Topic topic, DataOutput out) throws IOException {
    out.writeUTF(topic.name());
    out.writeInt(topic.readQueues());
    out.writeInt(topic.writeQueues());
    out.writeInt(topic.perm());
    out.writeBoolean(topic.multiTags());
    out.writeInt(topic.sysFlag());
    out.writeBoolean(topic.ordered());
    out.writeInt(topic.attributes().size());
    for (Map.Entry<String, String> attribute : topic.attributes().entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeUTF(attribute.getValue());
    }
  }

  static Topic readTopic(DataInput in) throws IOException {
    String name = in.readUTF();
    int read = in.readInt();
    int write = in.readInt();
    int perm = in.readInt();
    boolean multiTags = in.readBoolean();
    int sysFlag = in.readInt();
    boolean ordered = in.readBoolean();
    int count = in.readInt();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put(in.readUTF(), in.readUTF());
    }
    return new Topic(name, read, write, perm, multiTags, sysFlag, ordered, attributes);
  }
}
