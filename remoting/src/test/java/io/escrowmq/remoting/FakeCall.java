package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call without a network: carries what the test puts in, keeps the first reply. */
public class FakeCall implements Call {

  private final RequestCode code;
  private final Connection connection;
  private final Map<String, String> fields = new HashMap<>();
  private byte[] body = new byte[0];
  private int version = 513;
  private boolean oneWay;
  private boolean givesWay;
  private @Nullable Reply reply;

  public FakeCall(RequestCode code, Connection connection) {
    this.code = code;
    this.connection = connection;
  }

  public FakeCall(RequestCode code) {
    this(code, new FakeConnection());
  }

  /** A call that brings what was meant to be sent. */
  public FakeCall(Request request, Connection connection) {
    this(request.code(), connection);
    fields.putAll(textOf(request.header()));
    body = bytes(request.body());
  }

  public FakeCall with(String field, Object value) {
    fields.put(field, String.valueOf(value));
    return this;
  }

  public FakeCall with(WireHeader header) {
    fields.putAll(textOf(header));
    return this;
  }

  public FakeCall withBody(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  public FakeCall withBody(byte[] bytes) {
    body = bytes;
    return this;
  }

  public FakeCall withVersion(int number) {
    version = number;
    return this;
  }

  public FakeCall asOneWay() {
    oneWay = true;
    return this;
  }

  /** True when answering was much work. */
  public boolean givesWay() {
    return givesWay;
  }

  /** True when somebody has answered. */
  public boolean isAnswered() {
    return reply != null;
  }

  /** The first answer; fails when there is none. */
  public Reply reply() {
    Reply answered = reply;
    if (answered == null) {
      throw new AssertionError(code + " was not answered");
    }
    return answered;
  }

  public ResponseCode replyCode() {
    return reply().code();
  }

  /** The answer's body as text. */
  public String replyBody() {
    return new String(bytes(reply().body()), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Body body) {
    ByteBuffer bytes = ByteBuffer.allocate(body.length());
    body.writeTo(bytes);
    return bytes.array();
  }

  /** The answer's header fields as they go to the wire. */
  public Map<String, String> replyFields() {
    return textOf(reply().header());
  }

  /** Where the message lies that this call has sent. */
  public long sentPosition() {
    MessageId id = MessageId.parse(String.valueOf(replyFields().get("msgId")));
    if (id == null) {
      throw new AssertionError("refused: " + reply());
    }
    return id.position();
  }

  /** A header's fields as they go to the wire. */
  public static Map<String, String> textOf(WireHeader header) {
    Map<String, String> text = new HashMap<>();
    header.writeTo(new FieldWriter() {
      @Override
      public FieldWriter put(String name, @Nullable String value) {
        if (value != null) {
          text.put(name, value);
        }
        return this;
      }

      @Override
      public FieldWriter put(String name, long value) {
        text.put(name, Long.toString(value));
        return this;
      }

      @Override
      public FieldWriter put(String name, boolean value) {
        text.put(name, Boolean.toString(value));
        return this;
      }
    });
    return text;
  }

  @Override
  public int code() {
    return code.number();
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public String language() {
    return "JAVA";
  }

  @Override
  public boolean isOneWay() {
    return oneWay;
  }

  @Override
  public Fields fields() {
    return new Fields() {
      @Override
      public @Nullable String text(String name) {
        return fields.get(name);
      }

      @Override
      public Map<String, String> toMap() {
        return Map.copyOf(fields);
      }
    };
  }

  @Override
  public ByteBuffer body() {
    return ByteBuffer.wrap(body).asReadOnlyBuffer();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public void reply(Reply answered) {
    if (reply == null) {
      reply = answered;
    }
  }

  @Override
  public void giveWay() {
    givesWay = true;
  }
}
