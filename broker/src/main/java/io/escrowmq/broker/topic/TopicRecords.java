package io.escrowmq.broker.topic;

import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.LogRecord;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Topics as bytes, in log records and in the state file.
 *
 * <pre>
 * TOPIC          time int64 | topic | with flag 1: since int64
 * TOPIC_DELETED  time int64 | name
 * topic          name | read int32 | write int32 | perm int32 | multiTags bool | sysFlag int32 | ordered bool
 *                | attributes: count int32, (name, value)*
 * strings        length uint16, UTF-8
 * </pre>
 */
public final class TopicRecords {

  /** A change as it stands in the log. */
  record Change<T>(long timeMillis, T what) {}

  /** The record says since when the topic is there: the one that created it is lost. */
  public static final int SINCE = 1;

  private static final int USUAL_BYTES = 128;

  private TopicRecords() {}

  public static byte[] changed(long timeMillis, Topic topic) {
    FieldWriter out = new FieldWriter("a TOPIC record", USUAL_BYTES).int64(timeMillis);
    write(topic, out);
    return out.toBytes();
  }

  /** With the flag {@link #SINCE}: the topic holds what was sent to its name from a position on. */
  public static byte[] changed(long timeMillis, Topic topic, long since) {
    FieldWriter out = new FieldWriter("a TOPIC record", USUAL_BYTES).int64(timeMillis);
    write(topic, out);
    return out.int64(since).toBytes();
  }

  /** Since when the topic of a TOPIC record is there, if it was not there before. */
  static long since(LogRecord changed) {
    ByteBuffer payload = changed.payload();
    return saysSince(changed) ? payload.getLong(payload.limit() - Long.BYTES) : changed.position();
  }

  static boolean saysSince(LogRecord changed) {
    return (changed.flags() & SINCE) != 0;
  }

  public static byte[] deleted(long timeMillis, String name) {
    return new FieldWriter("a TOPIC_DELETED record", USUAL_BYTES)
        .int64(timeMillis)
        .text16("name", name)
        .toBytes();
  }

  static Change<Topic> readChanged(ByteBuffer payload) {
    return FieldReader.read(payload, in -> new Change<>(in.readLong(), readTopic(in)));
  }

  static Change<String> readDeleted(ByteBuffer payload) {
    return FieldReader.read(payload, in -> new Change<>(in.readLong(), FieldReader.text16(in)));
  }

  /** The name in a TOPIC_DELETED record. */
  public static String nameOfDeleted(ByteBuffer payload) {
    return readDeleted(payload).what();
  }

  static void write(Topic topic, FieldWriter out) {
    out.text16("name", topic.name()).int32(topic.readQueues()).int32(topic.writeQueues());
    out.int32(topic.perm()).bool(topic.multiTags()).int32(topic.sysFlag()).bool(topic.ordered());
    out.int32(topic.attributes().size());
    for (Map.Entry<String, String> attribute : topic.attributes().entrySet()) {
      out.text16("attribute's name", attribute.getKey());
      out.text16("attribute's value", attribute.getValue());
    }
  }

  static Topic readTopic(DataInput in) throws IOException {
    String name = FieldReader.text16(in);
    int read = in.readInt();
    int write = in.readInt();
    int perm = in.readInt();
    boolean multiTags = in.readBoolean();
    int sysFlag = in.readInt();
    boolean ordered = in.readBoolean();
    int count = in.readInt();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put(FieldReader.text16(in), FieldReader.text16(in));
    }
    return new Topic(name, read, write, perm, multiTags, sysFlag, ordered, attributes);
  }
}
