package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call without a network, and the one reply that it got. */
final class FakeCall implements Call {

  private final Request request;
  private final Connection connection;
  private @Nullable Reply reply;

  FakeCall(Request request, Connection connection) {
    this.request = request;
    this.connection = connection;
  }

  boolean isAnswered() {
    return reply != null;
  }

  ResponseCode replyCode() {
    return reply.code();
  }

  String remark() {
    return String.valueOf(reply.remark());
  }

  /** The fields of the reply's header. */
  Map<String, String> header() {
    return written(reply.header());
  }

  /** The reply's body as text. */
  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(reply.body().length());
    reply.body().writeTo(bytes);
    return new String(bytes.array(), UTF_8);
  }

  @Override
  public int code() {
    return request.code().number();
  }

  @Override
  public int version() {
    return 513;
  }

  @Override
  public String language() {
    return "JAVA";
  }

  @Override
  public boolean isOneWay() {
    return false;
  }

  @Override
  public Fields fields() {
    Map<String, String> fields = written(request.header());
    return new Fields() {
      @Override
      public @Nullable String text(String name) {
        return fields.get(name);
      }

      @Override
      public Map<String, String> toMap() {
        return fields;
      }
    };
  }

  @Override
  public ByteBuffer body() {
    ByteBuffer bytes = ByteBuffer.allocate(request.body().length());
    request.body().writeTo(bytes);
    return bytes.flip().asReadOnlyBuffer();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public void reply(Reply given) {
    if (reply == null) {
      reply = given;
    }
  }

  private static Map<String, String> written(WireHeader header) {
    Map<String, String> fields = new HashMap<>();
    header.writeTo(new FieldWriter() {
      @Override
      public FieldWriter put(String name, @Nullable String value) {
        if (value != null) {
          fields.put(name, value);
        }
        return this;
      }

      @Override
      public FieldWriter put(String name, long value) {
        return put(name, Long.toString(value));
      }

      @Override
      public FieldWriter put(String name, boolean value) {
        return put(name, Boolean.toString(value));
      }
    });
    return fields;
  }
}
