package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.OrderedFuture;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.Requests;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps one connection an address, opened when it is first needed and again when it was lost. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // failures arrive through the futures that are completed by hand
final class NettyRemotingClient implements RemotingClient {

  private static final int CONNECT_MILLIS = 3_000;

  private final Requests requests;
  private final RemotingSettings settings;
  private final NettyLoops loops;
  private final Traffic traffic = new Traffic();
  private final HeldBytes budget;
  private final Map<String, OrderedFuture<NettyConnection>> connections = new ConcurrentHashMap<>();
  private final Map<String, Runnable> watchers = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger(); // for a connection; at most maxPending
  private volatile boolean closed;

  /**
   * @param requests what servers may ask on our connections
   * @param loops its own
   */
  NettyRemotingClient(Requests requests, RemotingSettings settings, NettyLoops loops) {
    this.requests = requests;
    this.settings = settings;
    this.loops = loops;
    this.budget = new HeldBytes(settings.maxHeldBytes(), List.of(), traffic);
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    OrderedFuture<NettyConnection> connection = connection(address);
    NettyConnection now = connection.now();
    if (now != null) {
      return now.call(request, timeout);
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (closed) {
      request.body().release();
      answer.completeExceptionally(NettyConnection.notConnected(address, "the client is closed"));
      return answer;
    }
    if (waiting.incrementAndGet() > settings.maxPending()) {
      waiting.decrementAndGet();
      request.body().release();
      answer.completeExceptionally(new RemotingException(
          Reason.TOO_MANY_PENDING,
          "at most " + settings.maxPending() + " calls may wait for a connection"));
      return answer;
    }
    callWhenOpen(address, connection, request, timeout, answer);
    return answer;
  }

  /** Either the connection or the deadline comes first; whoever does settles the call. */
  private void callWhenOpen(
      String address,
      OrderedFuture<NettyConnection> connection,
      Request request,
      Duration timeout,
      CompletableFuture<Answer> answer) {
    AtomicBoolean settled = new AtomicBoolean();
    Runnable giveUp = () -> {
      if (settled.compareAndSet(false, true)) {
        waiting.decrementAndGet();
        request.body().release();
        answer.completeExceptionally(
            NettyConnection.notConnected(address, "not within " + timeout));
      }
    };
    ScheduledFuture<?> deadline;
    try {
      deadline = loops.group().schedule(giveUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // closed in between
      giveUp.run();
      return;
    }
    connection.then((open, failure) -> {
      if (!settled.compareAndSet(false, true)) {
        return;
      }
      waiting.decrementAndGet();
      Duration left = Duration.ofNanos(deadline.getDelay(TimeUnit.NANOSECONDS));
      deadline.cancel(false);
      if (open == null) {
        request.body().release();
        answer.completeExceptionally(failure);
        return;
      }
      open.call(request, left).whenComplete((given, lost) -> {
        if (lost != null) {
          answer.completeExceptionally(lost);
        } else {
          answer.complete(given);
        }
      });
    });
  }

  @Override
  public void notify(String address, Request request) {
    connection(address).then((open, failure) -> {
      if (open == null) {
        request.body().release();
      } else {
        open.notify(request);
      }
    });
  }

  @Override
  public void onLost(String address, Runnable action) {
    watchers.put(address, action);
  }

  @Override
  public boolean isNetworkThread() {
    return loops.isOneOfThem();
  }

  @Override
  public void close() {
    closed = true;
    connections
        .values()
        .forEach(connection -> connection.then((open, failure) -> {
          if (open != null) {
            open.close();
          }
        }));
    loops.close();
    RemotingException why = new RemotingException(Reason.NOT_CONNECTED, "the client is closed");
    connections.values().forEach(connection -> connection.fail(why));
  }

  private OrderedFuture<NettyConnection> connection(String address) {
    OrderedFuture<NettyConnection> known = connections.get(address);
    if (known != null) {
      return known;
    }
    OrderedFuture<NettyConnection> fresh = new OrderedFuture<>();
    OrderedFuture<NettyConnection> other = connections.putIfAbsent(address, fresh);
    if (other != null) {
      return other;
    }
    fresh.then((open, failure) -> {
      if (open == null) {
        connections.remove(address, fresh);
      } else {
        open.onClose(() -> {
          connections.remove(address, fresh);
          watchers.getOrDefault(address, () -> {}).run();
        });
      }
    });
    connect(address, fresh);
    return fresh;
  }

  private void connect(String address, OrderedFuture<NettyConnection> opened) {
    InetSocketAddress target = target(address);
    if (closed || target == null) {
      opened.fail(NettyConnection.notConnected(
          address, closed ? "the client is closed" : "an address is HOST:PORT"));
      return;
    }
    int highWater = settings.writeHighWaterBytes();
    ChannelFuture connected = loops
        .connecting()
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.RECVBUF_ALLOCATOR, NettyLoops.receiveBuffers())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(highWater / 2, highWater))
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            traffic.open.incrementAndGet();
            channel.closeFuture().addListener(gone -> traffic.open.decrementAndGet());
            channel
                .pipeline()
                .addLast(
                    new FrameHandler(loops, requests, settings, traffic, budget, opened::complete));
          }
        })
        .connect(target);
    connected.addListener(done -> {
      if (done.isSuccess()) { // too late when the connection is open already, as it should be
        connected
            .channel()
            .closeFuture()
            .addListener(gone -> opened.fail(NettyConnection.notConnected(address, "closed")));
      } else {
        opened.fail(NettyConnection.notConnected(address, reason(target, done.cause())));
      }
    });
  }

  private static String reason(InetSocketAddress target, Throwable cause) {
    return cause instanceof UnknownHostException
        ? "the host " + target.getHostString() + " is unknown; check its name and the name service"
        : String.valueOf(cause.getMessage());
  }

  private static @Nullable InetSocketAddress target(String address) {
    int colon = address.lastIndexOf(':');
    try {
      int port = Integer.parseInt(address, colon + 1, address.length(), 10);
      String host = address.substring(0, Math.max(colon, 0));
      return host.isEmpty() ? null : InetSocketAddress.createUnresolved(host, port);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
