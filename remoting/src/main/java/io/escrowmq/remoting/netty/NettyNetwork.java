package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** This machine's own network. */
public final class NettyNetwork implements Network {

  @Override
  public RemotingServer server(
      InetSocketAddress listen,
      Function<InetSocketAddress, RequestTable> tables,
      RemotingSettings settings) {
    return new NettyRemotingServer(listen, tables, settings);
  }

  @Override
  public RemotingClient client(RequestTable requests, RemotingSettings settings) {
    return new NettyRemotingClient(requests, settings);
  }

  @Override
  public long memoryPart(int parts) {
    return DirectMemory.part(parts);
  }
}
