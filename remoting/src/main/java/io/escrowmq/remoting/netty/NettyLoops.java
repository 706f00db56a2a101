package io.escrowmq.remoting.netty;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops of one server or client: on epoll where its library is there, else on NIO. */
final class NettyLoops {

  private static final long QUIET_MILLIS = 0;
  private static final long END_MILLIS = 500;
  private static final int SMALLEST_READ_BYTES = 64;
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int LARGEST_READ_BYTES = 256 << 10;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group;
  private final Map<EventExecutor, Loop> loops = new HashMap<>();

  NettyLoops(String threadName, int count) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(threadName, true), io);
    for (EventExecutor executor : group) {
      loops.put(executor, new Loop((EventLoop) executor));
    }
  }

  EventLoopGroup group() {
    return group;
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

  Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends Channel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
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
    group
        .shutdownGracefully(QUIET_MILLIS, END_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(END_MILLIS);
  }
}
