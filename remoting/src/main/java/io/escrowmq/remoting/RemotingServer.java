package io.escrowmq.remoting;

import java.net.InetSocketAddress;

/**
 * Listens, and hands every request to the request table, on the event loop of its connection. Handlers
 * of different connections may run at the same time.
 *
 * <p>Owner: whoever starts and stops the program; {@link #counts} and {@link #stopAccepting} are for any
 * thread but an event loop.
 */
public interface RemotingServer extends AutoCloseable {

  /** Binds and accepts. Fails with {@link RemotingException} that names the address. Once. */
  void start();

  /**
   * Binds one more address, once started; connections that come there are like all others. Fails
   * with {@link RemotingException} that names the address.
   */
  void alsoListen(InetSocketAddress address);

  /** The bound address, with the port that was picked when 0 was asked for. */
  InetSocketAddress address();

  /** What its connections did since the start. */
  NetworkCounts counts();

  /** Stops accepting new connections, also at further addresses; those that are open go on. */
  void stopAccepting();

  /**
   * Stops accepting, gives what was answered to the network, closes every connection, ends the event
   * loops. Answers that are given later are dropped. A peer that does not read is waited for only
   * briefly.
   */
  @Override
  void close();
}
