package io.escrowmq.remoting;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Calls peers by address ("host:port"); one shared connection an address, opened when needed. */
public interface RemotingClient extends AutoCloseable {

  /** Fails with {@link RemotingException}; never completes later than the timeout. */
  CompletionStage<Answer> call(String address, Request request, Duration timeout);

  /** Sends and forgets. */
  void notify(String address, Request request);

  /**
   * Runs the action whenever an open connection to this address is lost, from now on; one action an
   * address. On an event loop: it must be quick.
   */
  void onLost(String address, Runnable action);

  /** Whether the asking thread moves bytes, and must not wait for an answer therefore. */
  boolean isNetworkThread();

  /** Closes every connection; pending calls fail. */
  @Override
  void close();
}
