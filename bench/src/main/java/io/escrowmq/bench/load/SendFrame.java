package io.escrowmq.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One send, made once: only its number and its queue are written into it, where they stand. Owner: one thread. */
final class SendFrame {
  /** Numbers of requests have ten digits, so that they all take the same room. */
  static final int FIRST_OPAQUE = 1_000_000_000;

  private static final int OPAQUE_DIGITS = 10;
  private static final int QUEUE_DIGITS = 2;
  private static final String HEADER =
      "{\"code\":310,\"extFields\":{\"a\":\"bench-overload\",\"b\":\"%s\","
          + "\"c\":\"TBW102\",\"d\":\"4\",\"e\":\"##\",\"f\":\"0\",\"g\":\"%d\",\"h\":\"0\",\"i\":\"\",\"j\":\"0\","
          + "\"k\":\"false\",\"l\":\"16\",\"m\":\"false\"},\"flag\":0,\"language\":\"JAVA\",\"opaque\":##########,"
          + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":455}";

  private final byte[] bytes;
  private final int opaqueAt;
  private final int queueAt;
  private final int queues;

  SendFrame(String topic, int queues, int bodyBytes) {
    String text = HEADER.formatted(topic, System.currentTimeMillis());
    byte[] header = text.getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[bodyBytes];
    Arrays.fill(body, (byte) 'x');
    this.bytes = ByteBuffer.allocate(2 * Integer.BYTES + header.length + body.length)
        .putInt(Integer.BYTES + header.length + body.length)
        .putInt(header.length)
        .put(header)
        .put(body)
        .array();
    this.opaqueAt = 2 * Integer.BYTES + text.indexOf("##########");
    this.queueAt = 2 * Integer.BYTES + text.indexOf("##");
    this.queues = queues;
  }

  int length() {
    return bytes.length;
  }

  void write(int number, ByteBuffer out) {
    digits(FIRST_OPAQUE + number, opaqueAt, OPAQUE_DIGITS);
    digits(number % queues, queueAt, QUEUE_DIGITS);
    out.put(bytes);
  }

  private void digits(int value, int at, int digits) {
    int left = value;
    for (int i = at + digits - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
