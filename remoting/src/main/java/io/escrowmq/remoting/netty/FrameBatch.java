package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.escrowmq.remoting.frame.HeaderMark;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames for one channel, gathered in one buffer until they are flushed together. Owner: the
 * channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write arrives at the channel's handler
final class FrameBatch {

  private static final int FIRST_BATCH_BYTES = 1 << 10;
  private static final int NEXT_BATCH_BYTES = 16 << 10;

  private final Channel channel;
  private final HeaderBuffer header; // shared by all connections of the loop
  private final int maxFrameBytes;

  private @Nullable ByteBuf batch; // frames that the channel has not seen
  private boolean written; // the channel has got what it was not told to send yet
  private boolean behind; // the socket did not take everything at the last flush

  FrameBatch(Channel channel, HeaderBuffer header, int maxFrameBytes) {
    this.channel = channel;
    this.header = header;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Appends the answer to a call and returns its length. */
  long append(IncomingCall call, Reply reply) {
    int code = reply.code().number();
    header.writeAnswer(call.encoding(), code, call.opaque(), reply.remark(), reply.header());
    return appendFrame(call.encoding(), reply.body());
  }

  /** Appends the answer, without a body, to a request that was not read and returns its length. */
  long appendRefusal(HeaderEncoding encoding, int opaque, Reply refusal) {
    header.writeAnswer(
        encoding, refusal.code().number(), opaque, refusal.remark(), refusal.header());
    return appendFrame(encoding, Body.EMPTY);
  }

  /** Appends a request to the peer and returns its length. */
  long appendRequest(HeaderEncoding encoding, OutgoingRequest call) {
    Request request = call.request;
    boolean oneWay = call.answer == null;
    header.writeRequest(encoding, request.code().number(), call.opaque, oneWay, request.header());
    return appendFrame(encoding, request.body());
  }

  // The header is in the buffer. This is the only copy that is made of the body.
  private long appendFrame(HeaderEncoding encoding, Body body) {
    int headerLength = header.size();
    int bodyLength = body.length();
    long frameLength = 4L + headerLength + bodyLength;
    if (frameLength > maxFrameBytes) {
      throw new FrameTooLongException(frameLength, maxFrameBytes);
    }
    ByteBuf out = room((int) frameLength + 4);
    int start = out.writerIndex();
    boolean whole = false;
    try {
      out.writeInt((int) frameLength).writeInt(HeaderMark.of(encoding, headerLength));
      out.writeBytes(header.bytes(), 0, headerLength);
      if (bodyLength > 0) {
        ByteBuffer target = out.nioBuffer(out.writerIndex(), bodyLength);
        body.writeTo(target);
        if (target.hasRemaining()) {
          throw new IllegalStateException(
              "the body has " + target.remaining() + " bytes less than it said");
        }
        out.writerIndex(out.writerIndex() + bodyLength);
      }
      whole = true;
    } finally {
      if (!whole) {
        out.writerIndex(start);
      }
    }
    return frameLength;
  }

  private ByteBuf room(int bytes) {
    ByteBuf current = batch;
    if (current != null && current.capacity() - current.writerIndex() >= bytes) {
      return current;
    }
    int usual = current == null ? FIRST_BATCH_BYTES : NEXT_BATCH_BYTES;
    write();
    ByteBuf fresh = channel.alloc().directBuffer(Math.max(usual, bytes));
    batch = fresh;
    return fresh;
  }

  private void write() {
    ByteBuf current = batch;
    batch = null;
    if (current != null) {
      channel.write(behind ? fitted(current) : current, channel.voidPromise());
      written = true;
    }
  }

  /** What waits for a slow peer takes the memory that it is counted with. */
  private ByteBuf fitted(ByteBuf sparse) {
    int bytes = sparse.readableBytes();
    if (bytes >= sparse.capacity() / 8 * 7) {
      return sparse;
    }
    try {
      return channel.alloc().directBuffer(bytes).writeBytes(sparse);
    } finally {
      sparse.release();
    }
  }

  /** Gives the socket what is gathered; returns how many bytes it could not take yet. */
  long flush() {
    write();
    if (written) {
      written = false;
      channel.flush();
    }
    long unread = unreadBytes();
    behind = unread > 0;
    return unread;
  }

  /** How many bytes the channel holds because the peer does not read. Any thread. */
  long unreadBytes() {
    ChannelOutboundBuffer unread = channel.unsafe().outboundBuffer();
    return unread == null ? 0 : unread.totalPendingWriteBytes(); // null: closed
  }

  /** Drops what the channel has not seen. */
  void drop() {
    ByteBuf unwritten = batch;
    batch = null;
    if (unwritten != null) {
      unwritten.release();
    }
  }
}
