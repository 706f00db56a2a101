package io.escrowmq.namesrv;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.escrowmq.namesrv.route.TopicQueues;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The queues of a topic, as a registration and a route write them. */
final class QueuesJson {

  private String brokerName = "";
  private int readQueues;
  private int writeQueues;
  private int perm;
  private int sysFlag;

  /** Takes one field, or passes over it. */
  void take(JsonParser json, String name) throws IOException {
    switch (name) {
      case "brokerName" -> brokerName = json.getText();
      case "readQueueNums" -> readQueues = json.getIntValue();
      case "writeQueueNums" -> writeQueues = json.getIntValue();
      case "perm" -> perm = json.getIntValue();
      case "topicSysFlag" -> sysFlag = json.getIntValue();
      default -> json.skipChildren();
    }
  }

  TopicQueues result() {
    return new TopicQueues(readQueues, writeQueues, perm, sysFlag);
  }

  /** The queues in a route by broker name; the rest of the route is passed over. */
  static Map<String, TopicQueues> readRoute(byte[] route) throws BadBodyException {
    Map<String, TopicQueues> byBroker = new LinkedHashMap<>();
    try (JsonParser json = JsonFields.parse(route)) {
      JsonFields.each(json, name -> {
        if (!name.equals("queueDatas") || json.currentToken() != JsonToken.START_ARRAY) {
          json.skipChildren();
          return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
          QueuesJson queues = new QueuesJson();
          JsonFields.each(json, field -> queues.take(json, field));
          byBroker.put(queues.brokerName, queues.result());
        }
      });
    } catch (IOException e) {
      throw new BadBodyException("the route cannot be read");
    }
    return byBroker;
  }
}
