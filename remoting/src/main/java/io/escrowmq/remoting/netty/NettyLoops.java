package io.escrowmq.remoting.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops of one server or client, and the channels that they turn. */
final class NettyLoops {

  private static final long QUIET_MILLIS = 0;
  private static final long END_MILLIS = 500;
  private static final int SMALLEST_READ_BYTES = 64;
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int LARGEST_READ_BYTES = 256 << 10;

  private final Sockets sockets;
  private final EventLoopGroup group;
  private final Map<EventExecutor, Loop> loops = new HashMap<>();

  NettyLoops(Sockets sockets) {
    this.sockets = sockets;
    this.group = sockets.group();
    for (EventExecutor executor : group) {
      loops.put(executor, new Loop((EventLoop) executor));
    }
  }

  EventLoopGroup group() {
    return group;
  }

  ServerBootstrap listening() {
    return sockets.listening();
  }

  Bootstrap connecting() {
    return sockets.connecting();
  }

  /** Waits until it is done, at most so long; not from one of these loops. */
  void await(Future<?> done, long millis) {
    sockets.await(done, millis);
  }

  Loop of(Channel channel) {
    Loop loop = loops.get(channel.eventLoop());
    if (loop == null) {
      throw new IllegalArgumentException(channel + " belongs to other loops");
    }
    return loop;
  }

  /** Whether the asking thread is one of these loops'. */
  boolean isOneOfThem() {
    for (EventExecutor executor : group) {
      if (executor.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  /**
   * How much is read from a socket at once, by what came the times before. A frame that does not come in
   * one piece is copied, and what carries most, batches and answers to pulls, has 64 KiB and more.
   */
  static RecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(
        SMALLEST_READ_BYTES, FIRST_READ_BYTES, LARGEST_READ_BYTES);
  }

  /** Ends the loops' threads; waits a moment for them. */
  void close() {
    await(group.shutdownGracefully(QUIET_MILLIS, END_MILLIS, TimeUnit.MILLISECONDS), END_MILLIS);
  }
}
