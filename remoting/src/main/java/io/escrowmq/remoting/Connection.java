package io.escrowmq.remoting;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** One peer's connection. Every method may be called from any thread; none blocks. */
public interface Connection {

  InetSocketAddress remoteAddress();

  InetSocketAddress localAddress();

  boolean isOpen();

  /** Sends a request that wants no answer. Dropped when the connection is closed. */
  void notify(Request request);

  /**
   * Sends a request and waits for the peer's answer; fails with {@link RemotingException} when the
   * deadline passes, the connection closes or too many calls are pending.
   */
  CompletionStage<Answer> call(Request request, Duration timeout);

  /** Runs the task on the event loop that owns this connection. */
  void execute(Runnable task);

  /** Runs the action once, when the connection closes; at once when it is closed already. */
  void onClose(Runnable action);

  void close();
}
