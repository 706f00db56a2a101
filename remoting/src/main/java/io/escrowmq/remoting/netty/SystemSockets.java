package io.escrowmq.remoting.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;

/** The operating system's: on epoll where its library is there, else on NIO. */
final class SystemSockets implements Sockets {

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group;

  SystemSockets(String threadName, int threads) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(threadName, true), io);
  }

  @Override
  public EventLoopGroup group() {
    return group;
  }

  @Override
  public ServerBootstrap listening() {
    Class<? extends ServerChannel> kind =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    return new ServerBootstrap().group(group).channel(kind);
  }

  @Override
  public Bootstrap connecting() {
    Class<? extends Channel> kind = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    return new Bootstrap().group(group).channel(kind);
  }

  @Override
  public void await(Future<?> done, long millis) {
    done.awaitUninterruptibly(millis);
  }
}
