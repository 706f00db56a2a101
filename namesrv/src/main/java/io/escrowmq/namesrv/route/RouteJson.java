package io.escrowmq.namesrv.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Route answers as standard JSON (namesrv.md 3.1), members in alphabetical order.
 *
 * <p>Written by hand because the pieces of the image are written as they lie there: no tree of
 * objects is built for an answer that, at 100,000 topics, is made 100,000 times.
 */
final class RouteJson {

  private RouteJson() {}

  static byte[] route(
      List<TopicRoute.Entry> entries,
      SortedMap<String, BrokerGroup> groups,
      @Nullable String orderTopicConf) {
    StringBuilder json = new StringBuilder(160 + 240 * entries.size());
    json.append("{\"brokerDatas\":[");
    String comma = "";
    for (TopicRoute.Entry entry : entries) {
      BrokerGroup group = groups.get(entry.brokerName());
      if (group != null) {
        group(json.append(comma), group);
        comma = ",";
      }
    }
    json.append("],\"filterServerTable\":{},");
    if (orderTopicConf != null) {
      text(json.append("\"orderTopicConf\":"), orderTopicConf).append(',');
    }
    json.append("\"queueDatas\":[");
    comma = "";
    for (TopicRoute.Entry entry : entries) {
      queues(json.append(comma), entry);
      comma = ",";
    }
    return json.append("]}").toString().getBytes(UTF_8);
  }

  private static void group(StringBuilder json, BrokerGroup group) {
    json.append("{\"brokerAddrs\":{");
    String comma = "";
    for (Map.Entry<Long, String> member : group.addresses().entrySet()) {
      json.append(comma).append('"').append(member.getKey()).append("\":");
      text(json, member.getValue());
      comma = ",";
    }
    text(json.append("},\"brokerName\":"), group.brokerName());
    text(json.append(",\"cluster\":"), group.cluster());
    json.append(",\"enableActingMaster\":").append(group.enableActingMaster());
    String zone = group.zone();
    if (zone != null) {
      text(json.append(",\"zoneName\":"), zone);
    }
    json.append('}');
  }

  private static void queues(StringBuilder json, TopicRoute.Entry entry) {
    TopicQueues queues = entry.queues();
    text(json.append("{\"brokerName\":"), entry.brokerName());
    json.append(",\"perm\":").append(queues.perm());
    json.append(",\"readQueueNums\":").append(queues.readQueues());
    json.append(",\"topicSysFlag\":").append(queues.sysFlag());
    json.append(",\"writeQueueNums\":").append(queues.writeQueues()).append('}');
  }

  private static StringBuilder text(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }
}
