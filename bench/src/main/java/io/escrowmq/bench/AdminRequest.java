package io.escrowmq.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One question to a broker in the RocketMQ protocol, on a connection of its own, for what the unmodified client cannot ask.
 * Knows just enough of the protocol for that. Stateless.
 */
public final class AdminRequest {
  static final int LIST_TRANSACTIONS = 30002;

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int LENGTH_OF_HEADER_BITS = 0xFFFFFF;
  private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*(\\d+)");

  private AdminRequest() {}

  /** Hands back the body of the answer, and throws when the broker refuses. */
  public static String ask(InetSocketAddress broker, int code, Map<String, String> fields)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(broker, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(frame(code, fields));
      return answer(new DataInputStream(socket.getInputStream()));
    }
  }

  /** Length of all that follows, length of the header (its first byte, 0, says JSON), header; no body. */
  static byte[] frame(int code, Map<String, String> fields) throws IOException {
    String texts = fields.entrySet().stream()
        .map(field -> "\"%s\":\"%s\"".formatted(field.getKey(), field.getValue()))
        .collect(Collectors.joining(","));
    byte[] header = ("{\"code\":%d,\"flag\":0,\"language\":\"JAVA\",\"opaque\":1,"
            + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":0,\"extFields\":{%s}}")
        .formatted(code, texts)
        .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(frame);
    out.writeInt(Integer.BYTES + header.length);
    out.writeInt(header.length);
    out.write(header);
    return frame.toByteArray();
  }

  static String answer(DataInputStream in) throws IOException {
    int length = in.readInt();
    int headerLength = in.readInt() & LENGTH_OF_HEADER_BITS;
    String header = new String(in.readNBytes(headerLength), StandardCharsets.UTF_8);
    byte[] body = in.readNBytes(length - Integer.BYTES - headerLength);
    Matcher code = CODE.matcher(header);
    if (!code.find() || !code.group(1).equals("0")) {
      throw new IOException("refused: " + header);
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A whole number of a JSON object, by its name; the first one of that name. */
  static long number(String json, String name) throws IOException {
    Matcher member = Pattern.compile("\"" + name + "\"\\s*:\\s*(-?\\d+)").matcher(json);
    if (!member.find()) {
      throw new IOException("no number " + name + " in " + json);
    }
    return Long.parseLong(member.group(1));
  }
}
