package io.escrowmq.remoting;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Calls peers by address ("host:port"); one shared connection an address, opened when it is first
 * needed and again after it was lost. Any thread; nothing but {@link #close} blocks.
 *
 * <p>What is promised of a {@link Connection} holds for requests to one address while its connection
 * lasts: those that wait for the connection to open go first, in their order. After a loss, requests go
 * over a new connection, which may overtake what is still on its way over the old one.
 */
public interface RemotingClient extends AutoCloseable {

  /**
   * Fails with {@link RemotingException}; never completes later than the timeout, of which connecting
   * is a part. Nothing is tried twice.
   */
  CompletionStage<Answer> call(String address, Request request, Duration timeout);

  /** Sends and forgets; dropped when there is no connection to be had. */
  void notify(String address, Request request);

  /**
   * Runs the action whenever an open connection to this address is lost, from now on; one action an
   * address. On an event loop: it must be quick.
   */
  void onLost(String address, Runnable action);

  /** Whether the asking thread moves bytes, and must not wait for an answer therefore. */
  boolean isNetworkThread();

  /**
   * Closes every connection; pending calls fail, and so does every later one. Not from an event loop,
   * which it waits for.
   */
  @Override
  void close();
}
