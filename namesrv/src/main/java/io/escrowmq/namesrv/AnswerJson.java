package io.escrowmq.namesrv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.escrowmq.namesrv.route.BrokerGroup;
import io.escrowmq.namesrv.route.RouteImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of answers (namesrv.md 5) as standard JSON. */
final class AnswerJson {

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  private static final JsonFactory JSON = new JsonFactory();

  private AnswerJson() {}

  static byte[] clusters(RouteImage image) {
    return object(json -> {
      json.writeObjectFieldStart("brokerAddrTable");
      for (BrokerGroup group : image.groups()) {
        json.writeObjectFieldStart(group.brokerName());
        writeAddresses(json, group);
        json.writeStringField("brokerName", group.brokerName());
        json.writeStringField("cluster", group.cluster());
        json.writeBooleanField("enableActingMaster", group.enableActingMaster());
        String zone = group.zone();
        if (zone != null) {
          json.writeStringField("zoneName", zone);
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeObjectFieldStart("clusterAddrTable");
      for (Map.Entry<String, ? extends Collection<String>> cluster :
          image.clusters().entrySet()) {
        writeTexts(json, cluster.getKey(), cluster.getValue());
      }
      json.writeEndObject();
    });
  }

  static byte[] topics(Collection<String> topics, @Nullable String brokerAddress) {
    return object(json -> {
      if (brokerAddress != null) {
        json.writeStringField("brokerAddr", brokerAddress);
      }
      writeTexts(json, "topicList", topics);
    });
  }

  static byte[] values(Map<String, String> values) {
    return object(json -> {
      json.writeObjectFieldStart("table");
      for (Map.Entry<String, String> entry : values.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    });
  }

  /** {@code group} is null when it is not known. */
  static byte[] members(@Nullable BrokerGroup group) {
    return object(json -> {
      if (group != null) {
        json.writeObjectFieldStart("brokerMemberGroup");
        writeAddresses(json, group);
        json.writeStringField("brokerName", group.brokerName());
        json.writeStringField("cluster", group.cluster());
        json.writeEndObject();
      }
    });
  }

  private static void writeAddresses(JsonGenerator json, BrokerGroup group) throws IOException {
    json.writeObjectFieldStart("brokerAddrs");
    for (Map.Entry<Long, String> member : group.addresses().entrySet()) {
      json.writeStringField(Long.toString(member.getKey()), member.getValue());
    }
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static byte[] object(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      writer.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }
}
