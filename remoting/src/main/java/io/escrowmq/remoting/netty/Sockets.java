package io.escrowmq.remoting.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;

/** Where the channels of one server or client come from, who turns them, and how one waits for them. */
interface Sockets {

  EventLoopGroup group();

  /** Knows group and kind of channel. */
  ServerBootstrap listening();

  /** Knows group and kind of channel, and how names of hosts are resolved. */
  Bootstrap connecting();

  /** Waits until it is done, at most so long; not from one of the group's loops. */
  void await(Future<?> done, long millis);
}
