package io.escrowmq.remoting.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;

/** Takes all that is asked of sockets, and keeps its allocator. */
final class SimulatedChannelConfig extends DefaultChannelConfig {

  private final Runnable noMoreReads;

  SimulatedChannelConfig(Channel channel, HeapAllocator allocator, Runnable noMoreReads) {
    super(channel);
    this.noMoreReads = noMoreReads;
    super.setAllocator(allocator);
  }

  @Override
  public ChannelConfig setAllocator(ByteBufAllocator allocator) {
    return this;
  }

  @Override
  protected void autoReadCleared() {
    noMoreReads.run();
  }
}
