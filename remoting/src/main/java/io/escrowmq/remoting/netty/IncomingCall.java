package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Requests;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.FrameHeader;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request of the peer, from its arrival to its answer. The connection's loop dispatches it and
 * writes the answer; anybody may give the answer, and the first one counts.
 */
final class IncomingCall extends OutboxTask implements Call {

  private static final Logger LOG = LoggerFactory.getLogger(IncomingCall.class);
  private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final VarHandle REPLY;

  static {
    try {
      REPLY = MethodHandles.lookup().findVarHandle(IncomingCall.class, "reply", Reply.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final NettyConnection connection;
  private final HeaderEncoding encoding;
  private final FrameHeader header;
  private final int bodyAt;
  private final int bodyLength;

  /** The network's buffer; null as soon as the handler has returned. Owner: the loop. */
  private @Nullable ByteBuf frame;

  private volatile @Nullable Reply reply; // set once

  IncomingCall(
      NettyConnection connection,
      HeaderEncoding encoding,
      FrameHeader header,
      ByteBuf frame,
      int bodyAt,
      int bodyLength) {
    this.connection = connection;
    this.encoding = encoding;
    this.header = header;
    this.frame = frame;
    this.bodyAt = bodyAt;
    this.bodyLength = bodyLength;
  }

  void dispatch(Requests requests) {
    try {
      requests.dispatch(this);
    } catch (RuntimeException e) {
      connection.countFailedHandler();
      RequestCode code = RequestCode.of(code());
      LOG.error("the handler of {} failed, asked by {}", code, connection.remoteAddress(), e);
      reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "the handler of " + code + " failed: " + e.getClass().getSimpleName()));
    } finally {
      frame = null;
    }
  }

  HeaderEncoding encoding() {
    return encoding;
  }

  int opaque() {
    return header.opaque();
  }

  @Override
  public int code() {
    return header.code();
  }

  @Override
  public int version() {
    return header.version();
  }

  @Override
  public String language() {
    return header.language();
  }

  @Override
  public boolean isOneWay() {
    return header.isOneWay();
  }

  @Override
  public Fields fields() {
    return header.fields();
  }

  @Override
  public ByteBuffer body() {
    if (bodyLength == 0) {
      return NO_BODY;
    }
    ByteBuf bytes = frame;
    if (bytes == null) {
      throw new IllegalStateException("the body is gone: the handler has returned");
    }
    return bytes.nioBuffer(bodyAt, bodyLength).asReadOnlyBuffer();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public void reply(Reply answer) {
    if (header.isOneWay() || !REPLY.compareAndSet(this, null, answer)) {
      answer.body().release();
      return;
    }
    connection.loop().runOrHand(this);
  }

  @Override
  public void giveWay() {
    connection.loop().giveWay();
  }

  @Override
  void run() {
    Reply answer = reply;
    if (answer != null) {
      connection.countAnswered();
      connection.writeAnswer(this, answer);
    }
  }

  @Override
  void discard() {
    Reply answer = reply;
    if (answer != null) {
      answer.body().release();
    }
  }
}
