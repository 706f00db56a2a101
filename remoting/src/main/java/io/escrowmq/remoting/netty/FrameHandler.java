package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Requests;
import io.escrowmq.remoting.frame.BadFrameException;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.frame.HeaderMark;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts what arrives into frames and dispatches them, in place: a frame that arrived whole is never
 * copied. Of a frame that did not, only the bytes that are there take memory, whatever its length
 * claims. Owner: the connection's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing needs no answer
final class FrameHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(FrameHandler.class);
  private static final int SMALLEST_PARTIAL = 512;

  private final NettyLoops loops;
  private final Requests requests;
  private final RemotingSettings settings;
  private final FrameLimits limits;
  private final Traffic traffic;
  private final HeldBytes budget;
  private final Consumer<NettyConnection> onOpen;
  private @Nullable NettyConnection connection; // null until the channel is active

  private @Nullable ByteBuf partial; // the beginning of a frame whose rest is still to come
  private final Deque<ByteBuf> postponed = new ArrayDeque<>(); // arrived while congested
  private boolean congested;
  private boolean givesWay; // the last request was much work: other connections come first
  private boolean consuming;
  private boolean resuming;
  private boolean finished; // nothing is read any more

  FrameHandler(
      NettyLoops loops,
      Requests requests,
      RemotingSettings settings,
      Traffic traffic,
      HeldBytes budget,
      Consumer<NettyConnection> onOpen) {
    this.loops = loops;
    this.requests = requests;
    this.settings = settings;
    this.limits = FrameLimits.of(settings.maxFrameBytes());
    this.traffic = traffic;
    this.budget = budget;
    this.onOpen = onOpen;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.channel().remoteAddress() == null) {
      ctx.close(); // gone before we looked
      return;
    }
    NettyConnection opened =
        new NettyConnection(ctx.channel(), loops.of(ctx.channel()), settings, traffic, budget);
    connection = opened;
    opened.silence().watch();
    onOpen.accept(opened);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    NettyConnection from = connection;
    if (finished || from == null) {
      in.release();
      return;
    }
    from.beginReading();
    postponed.add(in);
    consume(ctx, from);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (connection != null) {
      requests.readDone();
      connection.holdInput(undispatchedBytes());
      connection.endReading();
      consumeMore(ctx);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    consumeMore(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    finish();
    if (connection != null) {
      connection.closed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("lost {}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      LOG.error("closed {} after a failure", ctx.channel().remoteAddress(), cause);
    }
    finish();
    ctx.close();
    if (cause instanceof OutOfMemoryError) {
      budget.memoryIsShort();
    }
  }

  private long undispatchedBytes() {
    if (partial == null && postponed.isEmpty()) {
      return 0;
    }
    long bytes = partial == null ? 0 : partial.capacity();
    for (ByteBuf waiting : postponed) {
      bytes += waiting.capacity();
    }
    return bytes;
  }

  /** Goes on with what was postponed, as long as there is no reason to wait. */
  private void consumeMore(ChannelHandlerContext ctx) {
    NettyConnection from = connection;
    if (!congested || givesWay || consuming || resuming || from == null) {
      return;
    }
    resuming = true; // flushing may end in here again
    try {
      while (congested && !givesWay && !finished && !from.isCongested()) {
        congested = false;
        from.silence().heard();
        consume(ctx, from);
        requests.readDone();
        from.holdInput(undispatchedBytes());
        from.flush();
      }
    } catch (RuntimeException | Error e) { // the caller is in the middle of work for others
      exceptionCaught(ctx, e);
      return;
    } finally {
      resuming = false;
    }
    if (givesWay) {
      return; // goes on by itself
    }
    if (congested) {
      from.whenRelieved(() -> consumeMore(ctx));
    } else {
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void consume(ChannelHandlerContext ctx, NettyConnection from) {
    consuming = true;
    try {
      while (!congested && !finished && !postponed.isEmpty()) {
        ByteBuf in = postponed.peek();
        frames(in, ctx, from);
        if (!in.isReadable()) {
          postponed.remove();
          in.release();
        }
      }
    } catch (BadFrameException e) {
      traffic.badFrames.increment();
      LOG.warn("closed {}: it sent {}", from, e.getMessage());
      finish();
      ctx.close();
    } finally {
      consuming = false;
      if (finished) {
        releasePostponed();
      }
    }
  }

  private void frames(ByteBuf in, ChannelHandlerContext ctx, NettyConnection from) {
    while (in.isReadable() && ctx.channel().isOpen()) {
      if (mustWait(ctx, from)) {
        return;
      }
      ByteBuf begun = partial;
      if (begun != null) {
        fill(begun, in);
      }
      ByteBuf source = begun == null ? in : begun;
      int frameBytes = wholeFrame(source);
      if (frameBytes == 0 && begun == null) {
        beginPartial(in, ctx);
        return;
      }
      if (frameBytes > 0) {
        int at = source.readerIndex();
        source.skipBytes(frameBytes);
        partial = null;
        try {
          IncomingCall call = read(source, at, frameBytes, from);
          if (call != null) {
            call.dispatch(requests);
          }
        } finally {
          if (begun != null) {
            begun.release();
          }
        }
      }
      if (from.loop().wasMuchDone()) {
        giveWay(ctx, from);
        return;
      }
    }
    if (!ctx.channel().isOpen()) {
      in.skipBytes(in.readableBytes());
    }
  }

  /** What the peer has sent besides waits until the other connections of this loop had their turn. */
  private void giveWay(ChannelHandlerContext ctx, NettyConnection from) {
    congested = true;
    givesWay = true;
    ctx.channel().config().setAutoRead(false);
    from.loop().afterOthers(() -> {
      givesWay = false;
      consumeMore(ctx);
    });
  }

  /** A peer that does not read its answers is not read from: what it sends waits in its socket. */
  private boolean mustWait(ChannelHandlerContext ctx, NettyConnection from) {
    if (from.isCongested()) {
      from.flush();
      congested = from.isCongested();
      if (congested) {
        ctx.channel().config().setAutoRead(false);
        from.whenRelieved(() -> consumeMore(ctx));
      }
    }
    return congested;
  }

  /** How long the frame at the reader's place is; 0 when it is not all there. */
  private int wholeFrame(ByteBuf in) {
    int readable = in.readableBytes();
    if (readable < 4) {
      return 0;
    }
    int at = in.readerIndex();
    int frameBytes = limits.frameBytes(in.getInt(at));
    if (readable >= FrameLimits.PREFIX_BYTES) {
      limits.headerBytes(in.getInt(at + 4), frameBytes);
    }
    return readable >= frameBytes ? frameBytes : 0;
  }

  private void beginPartial(ByteBuf in, ChannelHandlerContext ctx) {
    int there = in.readableBytes();
    ByteBuf begun = ctx.alloc().directBuffer(Math.max(SMALLEST_PARTIAL, 2 * there));
    begun.writeBytes(in);
    partial = begun;
  }

  /** Adds what belongs to the frame that has begun. */
  private void fill(ByteBuf begun, ByteBuf in) {
    int there = begun.readableBytes();
    int wanted = there < FrameLimits.PREFIX_BYTES
        ? FrameLimits.PREFIX_BYTES
        : limits.frameBytes(begun.getInt(0));
    begun.writeBytes(in, Math.min(wanted - there, in.readableBytes()));
  }

  /** The request that the frame brings; null when nobody has to handle it. */
  private @Nullable IncomingCall read(ByteBuf frame, int at, int frameBytes, NettyConnection from) {
    int mark = frame.getInt(at + 4);
    int headerAt = at + FrameLimits.PREFIX_BYTES;
    int headerLength = limits.headerBytes(mark, frameBytes);
    HeaderEncoding encoding = HeaderMark.encoding(mark);
    HeaderGlance glance = from.loop().glance;
    int code = glance.code(encoding, frame, headerAt, headerLength);
    Reply refusal = code == HeaderGlance.UNKNOWN ? null : refusalUnread(code);
    if (refusal != null && glance.findTwoWay(encoding, frame, headerAt, headerLength)) {
      count(from);
      requests.countRefusedUnread();
      from.writeRefusal(encoding, glance.opaque(), refusal);
      return null;
    }
    byte[] headerBytes = new byte[headerLength];
    frame.getBytes(headerAt, headerBytes);
    FrameHeader header = FrameHeader.read(encoding, headerBytes, limits);
    int bodyAt = headerAt + headerLength;
    int bodyLength = at + frameBytes - bodyAt;
    if (header.isResponse()) {
      if (from.awaits(header.opaque())) {
        byte[] body = new byte[bodyLength];
        frame.getBytes(bodyAt, body);
        from.answered(header, body);
      }
      return null;
    }
    count(from);
    if (!header.isOneWay()) {
      from.countUnanswered();
    }
    return new IncomingCall(from, encoding, header, frame, bodyAt, bodyLength);
  }

  /** Null, too, when the rule fails: if it is a request, dispatching it says so, to the peer and in the log. */
  private @Nullable Reply refusalUnread(int code) {
    try {
      return requests.refusalUnread(code);
    } catch (RuntimeException e) {
      LOG.debug("no rule says whether {} is refused unread", code, e);
      return null;
    }
  }

  private void count(NettyConnection from) {
    traffic.requests.increment();
    from.countRequest();
  }

  private void finish() {
    finished = true;
    if (partial != null) {
      partial.release();
      partial = null;
    }
    if (!consuming) {
      releasePostponed();
    }
    if (connection != null) {
      connection.holdInput(0);
    }
  }

  private void releasePostponed() {
    while (!postponed.isEmpty()) {
      postponed.remove().release();
    }
  }
}
