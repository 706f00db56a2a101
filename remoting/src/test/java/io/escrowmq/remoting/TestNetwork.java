package io.escrowmq.remoting;

import io.escrowmq.remoting.netty.NettyNetwork;

/** The network of the machine that a test runs on. */
public final class TestNetwork {

  /** With real sockets. */
  public static final Network REAL = new NettyNetwork();

  private TestNetwork() {}

  /** A client that serves nothing. */
  public static RemotingClient client() {
    return REAL.client(RequestTable.of(), RemotingSettings.forClient());
  }
}
