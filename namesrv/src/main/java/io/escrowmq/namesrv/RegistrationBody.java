package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.escrowmq.namesrv.route.DataVersion;
import io.escrowmq.namesrv.route.TopicQueues;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * The topics in a registration (namesrv.md 4.2, 4.3). Read as a stream, so that memory is taken for
 * topics that are there and never for a count or a length that is only claimed.
 */
record RegistrationBody(DataVersion version, Map<String, TopicQueues> topics) {

  private static final int MAX_ENTRY_BYTES = 64 << 10; // one topic with its attributes

  /** {@code mostTopics}: more than that are refused, whoever they belong to. */
  static RegistrationBody read(byte[] body, boolean compressed, int mostTopics)
      throws BadBodyException {
    if (body.length == 0) {
      return new RegistrationBody(DataVersion.NONE, Map.of());
    }
    Reader reader = new Reader(mostTopics);
    try {
      if (compressed) {
        reader.readCompressed(body);
      } else {
        reader.readJson(body);
      }
    } catch (IOException | NumberFormatException e) {
      throw new BadBodyException(
          "the registration cannot be read after " + reader.topics.size() + " topics");
    }
    return new RegistrationBody(reader.version, reader.topics);
  }

  private static final class Reader {
    private final int mostTopics;
    private final Map<String, TopicQueues> topics = new HashMap<>();
    private DataVersion version = DataVersion.NONE;

    Reader(int mostTopics) {
      this.mostTopics = mostTopics;
    }

    void readCompressed(byte[] body) throws IOException, BadBodyException {
      try (DataInputStream in =
          new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(body)))) {
        version = VersionJson.read(readEntry(in));
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          readLine(new String(readEntry(in), UTF_8));
        }
        // what follows, filter servers and static topics, is nothing that we serve
      }
    }

    private static byte[] readEntry(DataInputStream in) throws IOException, BadBodyException {
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
    private void readLine(String line) throws BadBodyException {
      String[] parts = line.split(" ", 5);
      if (parts.length < 4) {
        throw new BadBodyException("the topic '" + NameRules.shown(line) + "' is incomplete");
      }
      TopicQueues queues = new TopicQueues(
          Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), 0);
      add(parts[0], queues);
    }

    void readJson(byte[] body) throws IOException, BadBodyException {
      try (JsonParser json = JsonFields.parse(body)) {
        JsonFields.each(json, name -> {
          if (name.equals("topicConfigSerializeWrapper")) {
            readWrapper(json);
          } else {
            json.skipChildren();
          }
        });
        if (json.currentToken() != JsonToken.END_OBJECT) {
          throw new BadBodyException("the registration is not a JSON object");
        }
      }
    }

    private void readWrapper(JsonParser json) throws IOException, BadBodyException {
      JsonFields.each(json, name -> {
        switch (name) {
          case "dataVersion" -> version = VersionJson.read(json);
          case "topicConfigTable" -> JsonFields.each(json, topic -> readTopic(json, topic));
          default -> json.skipChildren();
        }
      });
    }

    private void readTopic(JsonParser json, String topic) throws IOException, BadBodyException {
      QueuesJson queues = new QueuesJson();
      JsonFields.each(json, name -> queues.take(json, name));
      add(topic, queues.result());
    }

    private void add(String topic, TopicQueues queues) throws BadBodyException {
      String refusal = NameRules.topicRefusal(topic, queues);
      if (refusal != null) {
        throw new BadBodyException(refusal);
      }
      topics.put(topic, queues);
      if (topics.size() > mostTopics) {
        throw new BadBodyException(
            "the registration has more than the " + mostTopics + " topics that are allowed");
      }
    }
  }
}
