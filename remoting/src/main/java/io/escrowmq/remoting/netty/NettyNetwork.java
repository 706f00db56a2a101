package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Requests;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** This machine's own network. */
public final class NettyNetwork implements Network {

  @Override
  public RemotingServer server(
      InetSocketAddress listen,
      Function<InetSocketAddress, ? extends Requests> tables,
      RemotingSettings settings) {
    return new NettyRemotingServer(
        listen, tables, settings, loops("escrowmq-net", settings.eventLoops()));
  }

  @Override
  public RemotingClient client(Requests requests, RemotingSettings settings) {
    return new NettyRemotingClient(
        requests, settings, loops("escrowmq-client", settings.eventLoops()));
  }

  private static NettyLoops loops(String threadName, int threads) {
    return new NettyLoops(new SystemSockets(threadName, threads));
  }

  @Override
  public long memoryPart(int parts) {
    return DirectMemory.part(parts);
  }
}
