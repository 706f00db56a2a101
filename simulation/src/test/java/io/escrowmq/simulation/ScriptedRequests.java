package io.escrowmq.simulation;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.MessageId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests written as bytes that a search can take apart and put together again: their parts are
 * separated by bytes that UTF-8 does not use. {@code $p} and {@code $i} in a field are the position and the id
 * of the message that was stored last.
 *
 * <pre>
 *  code, options, name FC value FD name FC value ... FE body FF     and the next request
 * </pre>
 */
final class ScriptedRequests {

  private static final byte AFTER_NAME = (byte) 0xFC;
  private static final byte AFTER_VALUE = (byte) 0xFD;
  private static final byte BEFORE_BODY = (byte) 0xFE;
  private static final byte AFTER_REQUEST = (byte) 0xFF;
  static final int MOST_REQUESTS = 12;

  private static final List<RequestCode> CODES = List.of(RequestCode.values());

  private @Nullable String lastId;

  /** One of them: what is asked, whether an answer is wanted, and whether time passes then. */
  record Step(byte[] bytes) {

    RequestCode code() {
      return CODES.get((bytes[0] & 0xFF) % CODES.size());
    }

    boolean isOneWay() {
      return (bytes[1] & 1) != 0;
    }

    boolean letsTimePass() {
      return (bytes[1] & 2) != 0;
    }
  }

  static List<Step> steps(byte[] script) {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < script.length && steps.size() < MOST_REQUESTS) {
      int end = indexOf(script, AFTER_REQUEST, at, script.length);
      if (end - at >= 2) {
        steps.add(new Step(Arrays.copyOfRange(script, at, end)));
      }
      at = end + 1;
    }
    return steps;
  }

  Request request(Step step) {
    byte[] bytes = step.bytes();
    int bodyMark = indexOf(bytes, BEFORE_BODY, 2, bytes.length);
    Map<String, String> fields = new LinkedHashMap<>();
    int at = 2;
    while (at < bodyMark) {
      int end = indexOf(bytes, AFTER_VALUE, at, bodyMark);
      int nameEnd = indexOf(bytes, AFTER_NAME, at, end);
      fields.put(text(bytes, at, nameEnd), value(text(bytes, Math.min(nameEnd + 1, end), end)));
      at = end + 1;
    }
    byte[] body = Arrays.copyOfRange(bytes, Math.min(bodyMark + 1, bytes.length), bytes.length);
    WireHeader header = out -> fields.forEach(out::put);
    return new Request(step.code(), header, Body.of(body));
  }

  /** A message was stored. */
  void stored(@Nullable String messageIds) {
    if (messageIds != null) {
      lastId = messageIds.split(",", 2)[0];
    }
  }

  private String value(String text) {
    String id = lastId;
    MessageId known = id == null || text.indexOf('$') < 0 ? null : MessageId.parse(id);
    return id == null || known == null
        ? text
        : text.replace("$p", Long.toString(known.position())).replace("$i", id);
  }

  /** The bytes of one request. */
  static byte[] script(RequestCode code, Map<String, String> fields, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(CODES.indexOf(code));
    bytes.write(0);
    fields.forEach((name, value) -> {
      bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      bytes.write(AFTER_NAME);
      bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
      bytes.write(AFTER_VALUE);
    });
    bytes.write(BEFORE_BODY);
    bytes.writeBytes(body);
    bytes.write(AFTER_REQUEST);
    return bytes.toByteArray();
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return to;
  }
}
