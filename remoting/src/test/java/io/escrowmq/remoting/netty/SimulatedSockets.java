package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Requests;
import io.escrowmq.remoting.simulated.SimulatedHost;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** Channels on a simulated machine's sockets, and event loops that its world turns. */
public final class SimulatedSockets implements Sockets {

  private static final long MEMORY = 256 << 20;

  private final SimulatedHost host;
  private final SimulatedLoopGroup group;

  SimulatedSockets(SimulatedHost host, int loops) {
    this.host = host;
    this.group = new SimulatedLoopGroup(host.machine(), loops);
  }

  /** The network that production code gets on this machine. */
  public static Network network(SimulatedHost host) {
    return new Network() {
      @Override
      public RemotingServer server(
          InetSocketAddress listen,
          Function<InetSocketAddress, ? extends Requests> tables,
          RemotingSettings settings) {
        return new NettyRemotingServer(listen, tables, settings, loops(settings));
      }

      @Override
      public RemotingClient client(Requests requests, RemotingSettings settings) {
        return new NettyRemotingClient(requests, settings, loops(settings));
      }

      private NettyLoops loops(RemotingSettings settings) {
        return new NettyLoops(new SimulatedSockets(host, settings.eventLoops()));
      }

      @Override
      public long memoryPart(int parts) {
        return MEMORY / parts;
      }
    };
  }

  @Override
  public EventLoopGroup group() {
    return group;
  }

  @Override
  public ServerBootstrap listening() {
    return new ServerBootstrap()
        .group(group)
        .channelFactory(() -> new SimulatedServerChannel(host));
  }

  @Override
  public Bootstrap connecting() {
    return new Bootstrap()
        .group(group)
        .channelFactory(() -> new SimulatedChannel(host))
        .resolver(NoopAddressResolverGroup.INSTANCE);
  }

  /** What it takes the loops' own work to do is done at once; nobody waits for peers. */
  @Override
  public void await(Future<?> done, long millis) {
    group.turnUntil(done);
  }
}
