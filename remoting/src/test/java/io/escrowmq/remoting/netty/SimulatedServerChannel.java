package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.simulated.SimulatedHost;
import io.escrowmq.remoting.simulated.SimulatedListener;
import io.escrowmq.remoting.simulated.SimulatedSocket;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listener of a simulated machine. */
final class SimulatedServerChannel extends AbstractServerChannel {

  private final SimulatedHost host;
  private final SimulatedChannelConfig config =
      new SimulatedChannelConfig(this, HeapAllocator.INSTANCE, () -> this.readPending = false);
  private @Nullable SimulatedListener listener;
  private boolean open = true;
  private boolean readPending;

  SimulatedServerChannel(SimulatedHost host) {
    this.host = host;
  }

  @Override
  protected void doBind(SocketAddress address) throws BindException {
    SimulatedListener bound = host.listen((InetSocketAddress) address);
    listener = bound;
    bound.watch(this::acceptSoon);
  }

  @Override
  protected void doBeginRead() {
    readPending = true;
    if (listener != null && listener.isAcceptable()) {
      acceptSoon();
    }
  }

  private void acceptSoon() {
    if (readPending && open && !eventLoop().isShutdown()) {
      eventLoop().execute(this::accept);
    }
  }

  private void accept() {
    SimulatedListener from = listener;
    if (!readPending || !open || from == null || !from.isAcceptable()) {
      return;
    }
    readPending = false;
    for (SimulatedSocket socket = from.accept(); socket != null; socket = from.accept()) {
      pipeline().fireChannelRead(new SimulatedChannel(this, host, socket));
    }
    pipeline().fireChannelReadComplete();
  }

  @Override
  protected void doClose() {
    open = false;
    if (listener != null) {
      listener.close();
    }
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && listener != null;
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof SimulatedEventLoop;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return listener == null ? null : listener.address();
  }
}
