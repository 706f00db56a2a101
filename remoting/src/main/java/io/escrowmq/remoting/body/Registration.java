package io.escrowmq.remoting.body;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** What a broker tells a name server (REGISTER_BROKER): its topics, plain or compressed. */
public record Registration(TopicTable topics) implements JsonBody {

  public static Registration read(byte[] body) {
    return new Registration(
        TopicTable.read(JsonObject.read(body).object("topicConfigSerializeWrapper")));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .name("filterServerList")
        .beginList()
        .endList()
        .name("topicConfigSerializeWrapper");
    topics.writeTo(json);
    json.endObject();
  }

  /**
   * The compressed form, a zlib stream of:
   *
   * <pre>
   *  length, version as JSON | count, topics as (length, text) | length, "[]" | 0 mappings
   * </pre>
   */
  public byte[] toCompressedBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  void writeTo(DataOutputStream out) throws IOException {
    put(out, topics.version().toBytes());
    out.writeInt(topics.topics().size());
    for (TopicConfig topic : topics.topics().values()) {
      put(out, line(topic).getBytes(StandardCharsets.UTF_8));
    }
    put(out, "[]".getBytes(StandardCharsets.UTF_8));
    out.writeInt(0);
  }

  /** The checksum that the request's header carries for either form. */
  public static int crc(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return (int) crc.getValue() & 0x7FFF_FFFF;
  }

  private static String line(TopicConfig topic) {
    JsonWriter attributes = new JsonWriter();
    attributes.beginObject();
    topic.attributes().forEach(attributes::member);
    attributes.endObject();
    return topic.topic()
        + ' '
        + topic.readQueues()
        + ' '
        + topic.writeQueues()
        + ' '
        + topic.permission()
        + ' '
        + topic.filterType()
        + ' '
        + attributes;
  }

  private static void put(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
