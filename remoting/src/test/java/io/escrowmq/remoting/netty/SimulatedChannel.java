package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.simulated.Attempt;
import io.escrowmq.remoting.simulated.SimulatedHost;
import io.escrowmq.remoting.simulated.SimulatedSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel on a simulated socket. Like those of NIO, it notices that a peer has gone when it reads or
 * writes, and reads only when asked to.
 */
final class SimulatedChannel extends AbstractChannel {

  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
  private static final int READS = 16; // before others have their turn

  private final SimulatedHost host;
  private final SimulatedChannelConfig config = new SimulatedChannelConfig(
      this, new HeapAllocator(this::bufferIsAsked), () -> this.readPending = false);
  private @Nullable SimulatedSocket socket; // null until it is connected
  private @Nullable Attempt attempt;
  private @Nullable ChannelPromise connecting;
  private boolean open = true;
  private boolean readPending;
  private boolean writeBlocked;

  /** A client's. */
  SimulatedChannel(SimulatedHost host) {
    super(null, new SimulatedChannelId(0));
    this.host = host;
  }

  /** A server's. */
  SimulatedChannel(Channel parent, SimulatedHost host, SimulatedSocket accepted) {
    super(parent, new SimulatedChannelId(accepted.remote().getPort()));
    this.host = host;
    attach(accepted);
  }

  private void bufferIsAsked() {
    host.network().bufferIsAsked();
  }

  private void attach(SimulatedSocket connected) {
    socket = connected;
    connected.watch(this::readSoon, this::writeSoon);
  }

  private void onLoop(Runnable task) {
    if (open && !eventLoop().isShutdown()) {
      eventLoop().execute(task);
    }
  }

  @Override
  protected void doBeginRead() {
    readPending = true;
    if (socket != null && socket.isReadable()) {
      readSoon();
    }
  }

  private void readSoon() {
    if (readPending && isRegistered()) {
      onLoop(this::read0);
    }
  }

  private void read0() {
    SimulatedSocket from = socket;
    if (!readPending || !open || from == null || !from.isReadable()) {
      return;
    }
    readPending = false;
    try {
      boolean more = true;
      for (int i = 0; i < READS && more && open; i++) {
        byte[] bytes = from.receive();
        if (bytes != null) {
          pipeline().fireChannelRead(copy(bytes));
        }
        more = bytes != null && config.isAutoRead();
      }
      pipeline().fireChannelReadComplete();
      if (from.isAtEnd() && open) {
        unsafe().close(voidPromise());
      }
    } catch (IOException e) {
      pipeline().fireChannelReadComplete();
      pipeline().fireExceptionCaught(e);
      if (open) {
        unsafe().close(voidPromise());
      }
    }
  }

  private static ByteBuf copy(byte[] bytes) {
    return HeapAllocator.INSTANCE
        .heapBuffer(bytes.length)
        .writeBytes(Unpooled.wrappedBuffer(bytes));
  }

  private void writeSoon() {
    if (writeBlocked) {
      onLoop(() -> {
        if (writeBlocked) {
          writeBlocked = false;
          ((Kernel) unsafe()).goOn();
        }
      });
    }
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws IOException {
    SimulatedSocket to = socket;
    if (to == null) {
      throw new ClosedChannelException();
    }
    for (Object message = in.current(); message != null; message = in.current()) {
      ByteBuf frame = (ByteBuf) message;
      int bytes = frame.readableBytes();
      if (bytes == 0) {
        in.remove();
        continue;
      }
      int taken = Math.min(bytes, to.room());
      if (taken == 0) {
        writeBlocked = true;
        return;
      }
      byte[] copy = new byte[taken];
      frame.getBytes(frame.readerIndex(), copy);
      to.send(copy);
      in.removeBytes(taken);
    }
  }

  @Override
  protected void doClose() {
    open = false;
    ChannelPromise waiting = connecting;
    connecting = null;
    if (attempt != null) {
      attempt.giveUp();
    }
    if (waiting != null) {
      waiting.tryFailure(new ClosedChannelException());
    }
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBind(SocketAddress local) {
    throw new UnsupportedOperationException("a connection's own address is the kernel's choice");
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
    return open && socket != null;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof SimulatedEventLoop;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return socket == null ? null : socket.local();
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return socket == null ? null : socket.remote();
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new Kernel();
  }

  private final class Kernel extends AbstractUnsafe {

    void goOn() {
      flush0();
    }

    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      if (!promise.setUncancellable() || !ensureOpen(promise)) {
        return;
      }
      connecting = promise;
      InetSocketAddress target = (InetSocketAddress) remote;
      int timeout = config.getConnectTimeoutMillis();
      try {
        attempt =
            host.connect(target, opened -> connected(opened), e -> onLoop(() -> connectFailed(e)));
        var unused = eventLoop()
            .schedule(
                () -> connectFailed(new ConnectTimeoutException(
                    "connection timed out after " + timeout + " ms: " + target)),
                timeout,
                TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        connectFailed(e);
      }
    }

    private void connected(SimulatedSocket opened) {
      if (!open || eventLoop().isShutdown()) {
        opened.close();
        return;
      }
      eventLoop().execute(() -> {
        ChannelPromise waiting = connecting;
        if (!open || waiting == null) {
          opened.close();
          return;
        }
        connecting = null;
        attach(opened);
        boolean wanted = waiting.trySuccess();
        pipeline().fireChannelActive();
        if (!wanted) {
          close(voidPromise());
        }
      });
    }

    private void connectFailed(Exception cause) {
      ChannelPromise waiting = connecting;
      if (waiting != null) {
        connecting = null;
        waiting.tryFailure(cause);
        close(voidPromise());
      }
    }
  }
}
