package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicVersion;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** The catalog's topics as a registration wants them. */
public final class TopicsOfCatalog implements TopicsToRegister {

  private final TopicCatalog topics;

  public TopicsOfCatalog(TopicCatalog topics) {
    this.topics = topics;
  }

  @Override
  public TopicVersion version() {
    return topics.version();
  }

  @Override
  public byte[] registration(TopicVersion version) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      write(out, json(version));
      List<Topic> all = topics.all();
      out.writeInt(all.size());
      for (Topic topic : all) {
        write(
            out,
            topic.name() + ' ' + topic.readQueues() + ' ' + topic.writeQueues() + ' ' + topic.perm()
                + ' ' + (topic.multiTags() ? "MULTI_TAG" : "SINGLE_TAG") + " {}");
      }
      write(out, "[]");
      out.writeInt(0);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public byte[] versionBody(TopicVersion version) {
    return json(version).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(TopicVersion version) {
    return "{\"counter\":" + version.counter() + ",\"stateVersion\":0,\"timestamp\":"
        + version.timestampMillis() + "}";
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
