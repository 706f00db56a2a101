package io.escrowmq.remoting.netty;

import io.escrowmq.runtime.SimulatedMachine;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of one server or client; channels are given to one after the other. */
final class SimulatedLoopGroup extends AbstractEventExecutorGroup implements EventLoopGroup {

  private final List<SimulatedEventLoop> loops = new ArrayList<>();
  private int next;

  SimulatedLoopGroup(SimulatedMachine machine, int count) {
    for (int i = 0; i < count; i++) {
      loops.add(new SimulatedEventLoop(machine));
    }
  }

  /** Turns the loops until it is done or they have nothing left to do. */
  void turnUntil(Future<?> done) {
    boolean busy = true;
    while (busy && !done.isDone()) {
      busy = false;
      for (SimulatedEventLoop loop : loops) {
        busy |= loop.turnNow();
      }
    }
  }

  @Override
  public EventLoop next() {
    return loops.get(next++ % loops.size());
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return List.<EventExecutor>copyOf(loops).iterator();
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return next().register(channel);
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    return next().register(promise);
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return next().register(channel, promise);
  }

  @Override
  public Future<?> shutdownGracefully(long quiet, long timeout, TimeUnit unit) {
    loops.forEach(SimulatedEventLoop::end);
    return terminationFuture();
  }

  @Override
  public Future<?> terminationFuture() {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
  }

  @Override
  @Deprecated
  public void shutdown() {
    loops.forEach(SimulatedEventLoop::end);
  }

  @Override
  public boolean isShuttingDown() {
    return loops.get(0).isShuttingDown();
  }

  @Override
  public boolean isShutdown() {
    return isShuttingDown();
  }

  @Override
  public boolean isTerminated() {
    return isShuttingDown();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isShuttingDown();
  }
}
