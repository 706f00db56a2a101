package io.escrowmq.remoting;

import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * The door to the network: makes servers and clients. Whoever starts a broker, a name server or a
 * client hands one in; nothing below opens a socket by itself. Any thread may use it.
 *
 * <p>The caller closes what it was given. The implementation keeps the promises of {@link
 * RemotingServer}, {@link RemotingClient}, {@link Connection} and {@link Call}.
 */
public interface Network {

  /**
   * A server that does not listen yet.
   *
   * @param listen where it will; port 0 for any that is free
   * @param tables makes the request table from the bound address, in {@link RemotingServer#start}
   *     and before a connection is accepted
   */
  RemotingServer server(
      InetSocketAddress listen,
      Function<InetSocketAddress, ? extends Requests> tables,
      RemotingSettings settings);

  /**
   * A client that is connected to nobody yet.
   *
   * @param requests what servers may ask over its connections
   */
  RemotingClient client(Requests requests, RemotingSettings settings);

  /**
   * One part of so many of the memory that network and files share outside of the heap: what peers may
   * make a server hold ({@link RemotingSettings#maxHeldBytes}).
   */
  long memoryPart(int parts);
}
