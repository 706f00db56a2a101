package io.escrowmq.server.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.body.JsonWriter;

/** A broker's answer for programs: the JSON object as it came, on a line of its own. */
final class JsonLine {

  private JsonLine() {}

  static String of(byte[] body) {
    return new String(body, UTF_8);
  }

  /**
   * With the broker's name as the first member, where several brokers are asked.
   *
   * @param body has been read already, so it is an object
   */
  static String of(String broker, byte[] body) {
    String object = of(body).strip();
    String members = object.substring(1).stripLeading();
    String named = new JsonWriter().beginObject().member("broker", broker).toString();
    return members.startsWith("}") ? named + members : named + "," + members;
  }
}
