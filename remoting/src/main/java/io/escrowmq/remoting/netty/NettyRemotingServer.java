package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.NetworkCounts;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Requests;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one address and serves every connection from a few event loops of its own. */
@SuppressWarnings("FutureReturnValueIgnored") // closing needs no answer
final class NettyRemotingServer implements RemotingServer {

  private static final Logger LOG = LoggerFactory.getLogger(NettyRemotingServer.class);
  private static final int BACKLOG = 1_024;
  private static final long LAST_WORDS_MILLIS = 300;
  private static final long LOOK_AGAIN_NANOS = 100_000_000; // a flood is not worth a look each

  private final InetSocketAddress listen;
  private final Function<InetSocketAddress, ? extends Requests> requestsAt;
  private final RemotingSettings settings;
  private final int maxConnections;
  private final NettyLoops loops;
  private final Traffic traffic = new Traffic();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, NettyConnection> connections = new ConcurrentHashMap<>(); // by number
  private final HeldBytes budget;
  private OptionalLong lookedNanos = OptionalLong.empty(); // in vain; guarded by this
  private final List<Channel> alsoListening = new CopyOnWriteArrayList<>();
  private volatile @Nullable Channel listener; // null before start
  private volatile @Nullable Requests requests; // null before start

  /**
   * A server whose handlers must know the bound address.
   *
   * @param requestsAt makes the table once the address is known, before a connection is accepted
   * @param loops its own
   */
  NettyRemotingServer(
      InetSocketAddress listen,
      Function<InetSocketAddress, ? extends Requests> requestsAt,
      RemotingSettings settings,
      NettyLoops loops) {
    this.listen = listen;
    this.requestsAt = requestsAt;
    this.settings = settings;
    this.maxConnections = ConnectionBound.ofThisProcess(settings.maxConnections());
    this.loops = loops;
    this.budget = new HeldBytes(settings.maxHeldBytes(), connections.values(), traffic);
  }

  @Override
  public void start() {
    Channel channel = bind(listen);
    listener = channel;
    requests = requestsAt.apply((InetSocketAddress) channel.localAddress());
    channel.config().setAutoRead(true);
  }

  @Override
  public void alsoListen(InetSocketAddress address) {
    Channel channel = bind(address);
    alsoListening.add(channel);
    channel.config().setAutoRead(true);
  }

  private Channel bind(InetSocketAddress address) {
    int highWater = settings.writeHighWaterBytes();
    ServerBootstrap bootstrap = loops
        .listening()
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, false) // accepts once there is a request table
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, NettyLoops.receiveBuffers())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(highWater / 2, highWater))
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            welcome(channel);
          }
        });
    ChannelFuture bound = bootstrap.bind(address);
    loops.await(bound, Long.MAX_VALUE);
    if (!bound.isSuccess()) {
      throw new RemotingException(
          Reason.NOT_CONNECTED,
          "cannot listen on " + address.toString().replaceFirst(".*/", "") + ": "
              + bound.cause().getMessage()
              + "; choose another address, or stop what uses this one");
    }
    return bound.channel();
  }

  private void welcome(Channel channel) {
    Requests table = requests;
    if (table == null) {
      throw new IllegalStateException("accepted before there was a request table");
    }
    channel.closeFuture().addListener(closed -> traffic.open.decrementAndGet());
    if (traffic.open.incrementAndGet() > maxConnections && !makeRoom(channel)) {
      traffic.refusedConnections.increment();
      LOG.warn(
          "refused {}: {} connections are open, no more are allowed",
          channel.remoteAddress(),
          maxConnections);
      channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new FrameHandler(loops, table, settings, traffic, budget, this::opened));
  }

  /** All connections are taken: has some give way; false when the newcomer has to. */
  private synchronized boolean makeRoom(Channel newcomer) {
    long now = newcomer.eventLoop().ticker().nanoTime();
    if (!(newcomer.remoteAddress() instanceof InetSocketAddress address)
        || (lookedNanos.isPresent() && now - lookedNanos.getAsLong() < LOOK_AGAIN_NANOS)) {
      return false;
    }
    List<CrowdRule.Seat<NettyConnection>> seats =
        connections.values().stream().map(NettyConnection::seat).toList();
    int most = 1 + maxConnections / 100; // looking at all is for many newcomers
    List<NettyConnection> leaving = CrowdRule.giveWay(seats, address.getAddress(), most);
    if (leaving.isEmpty()) {
      lookedNanos = OptionalLong.of(now);
      return false;
    }
    LOG.warn(
        "closed {} of {} connections for new ones, the most silent first: {} ...",
        leaving.size(),
        seats.size(),
        leaving.get(0));
    traffic.silentPeers.add(leaving.size());
    leaving.forEach(NettyConnection::close);
    return true;
  }

  private void opened(NettyConnection connection) {
    long number = numbers.getAndIncrement();
    connections.put(number, connection);
    connection.onClose(() -> connections.remove(number));
  }

  @Override
  public InetSocketAddress address() {
    Channel bound = listener;
    if (bound == null) {
      throw new IllegalStateException("the server is not started");
    }
    return (InetSocketAddress) bound.localAddress();
  }

  @Override
  public NetworkCounts counts() {
    return traffic;
  }

  @Override
  public void stopAccepting() {
    Channel bound = listener;
    if (bound != null) {
      loops.await(bound.close(), Long.MAX_VALUE);
    }
    alsoListening.forEach(channel -> loops.await(channel.close(), Long.MAX_VALUE));
  }

  @Override
  public void close() {
    stopAccepting();
    List<NettyConnection> open = List.copyOf(connections.values());
    AtomicInteger left = new AtomicInteger(open.size());
    Promise<Void> allLeft = loops.group().next().newPromise();
    for (NettyConnection connection : open) {
      connection.onClose(() -> {
        if (left.decrementAndGet() == 0) {
          allLeft.setSuccess(null);
        }
      });
      connection.closeWhenWritten();
    }
    if (!open.isEmpty()) {
      loops.await(allLeft, LAST_WORDS_MILLIS);
    }
    loops.close();
  }
}
