package io.escrowmq.remoting;

import java.net.InetSocketAddress;

/** Listens, and hands every request to the request table. */
public interface RemotingServer extends AutoCloseable {

  /** Binds and accepts. Fails with {@link RemotingException} that names the address. */
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

  /** Stops accepting new connections; those that are open go on. */
  void stopAccepting();

  /** Flushes what was answered, closes every connection, ends the event loops. */
  @Override
  void close();
}
