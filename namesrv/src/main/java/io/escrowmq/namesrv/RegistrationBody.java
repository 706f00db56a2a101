package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.namesrv.route.TopicQueues;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicTable;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * The topics in a registration (namesrv.md 4.2, 4.3), checked. A compressed one is read as a
 * stream, so that memory is taken for topics that are there and never for a count or a length that
 * is only claimed.
 *
 * @param leftOut topics beyond the limit; at least so many
 */
record RegistrationBody(DataVersion version, Map<String, TopicQueues> topics, int leftOut) {

  private static final DataVersion NO_VERSION = new DataVersion(0, 0, 0);
  private static final int MAX_ENTRY_BYTES = 64 << 10; // one topic with its attributes

  /**
   * Fails with {@link BadBodyException}.
   *
   * @param mostTopics more than that are left out, whoever they belong to
   */
  static RegistrationBody read(byte[] body, boolean compressed, int mostTopics) {
    if (body.length == 0) {
      return new RegistrationBody(NO_VERSION, Map.of(), 0);
    }
    Reader reader = new Reader(mostTopics);
    if (compressed) {
      reader.readCompressed(body);
    } else {
      reader.readPlain(body);
    }
    return new RegistrationBody(reader.version, reader.topics, reader.leftOut);
  }

  private static final class Reader {
    private final int mostTopics;
    private final Map<String, TopicQueues> topics = new HashMap<>();
    private DataVersion version = NO_VERSION;
    private int leftOut;

    Reader(int mostTopics) {
      this.mostTopics = mostTopics;
    }

    void readPlain(byte[] body) {
      TopicTable table = Registration.read(body).topics();
      version = table.version();
      for (Map.Entry<String, TopicConfig> entry : table.topics().entrySet()) {
        TopicConfig topic = entry.getValue();
        add(
            entry.getKey(),
            new TopicQueues(
                topic.readQueues(), topic.writeQueues(), topic.permission(), topic.sysFlag()));
      }
    }

    void readCompressed(byte[] body) {
      try (DataInputStream in =
          new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(body)))) {
        version = DataVersion.read(readEntry(in));
        int count = in.readInt();
        // A stream may unfold to a thousand times its bytes: what is left out is not read for ever.
        for (int i = 0; i < count && leftOut < mostTopics; i++) {
          readLine(new String(readEntry(in), UTF_8));
        }
        // what follows, filter servers and static topics, is nothing that we serve
      } catch (IOException | NumberFormatException e) {
        throw new BadBodyException(
            "the registration cannot be read after " + topics.size() + " topics");
      }
    }

    private static byte[] readEntry(DataInputStream in) throws IOException {
      int length = in.readInt();
      if (length < 0 || length > MAX_ENTRY_BYTES) {
        throw new BadBodyException("an entry of the registration claims " + length
            + " bytes, at most " + MAX_ENTRY_BYTES + " are allowed");
      }
      byte[] entry = new byte[length];
      in.readFully(entry);
      return entry;
    }

    /** {@code name readQueueNums writeQueueNums perm topicFilterType attributesJson}. */
    private void readLine(String line) {
      String[] parts = line.split(" ", 5);
      if (parts.length < 4) {
        throw new BadBodyException("the topic '" + NameRules.shown(line) + "' is incomplete");
      }
      TopicQueues queues = new TopicQueues(
          Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), 0);
      add(parts[0], queues);
    }

    private void add(String topic, TopicQueues queues) {
      String refusal = NameRules.topicRefusal(topic, queues);
      if (refusal != null) {
        throw new BadBodyException(refusal);
      }
      if (topics.size() < mostTopics || topics.containsKey(topic)) {
        topics.put(topic, queues);
      } else {
        leftOut++;
      }
    }
  }
}
