package io.escrowmq.remoting;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One peer's connection; both ends may send requests over it. Every method may be called from any
 * thread; none blocks.
 *
 * <p>What callers may rely on:
 *
 * <ul>
 *   <li>Requests of one thread are handed to the peer's handlers in the order in which they were
 *       sent, one-way or not. Those of two threads have no order between them, and neither have those
 *       of two connections. Answers come in any order.
 *   <li>One event loop owns the connection. It runs the handlers of the peer's requests one at a time,
 *       and tasks of {@link #execute} between them. Answers are completed on it, too, so what follows
 *       directly from an answer must be quick.
 *   <li>A call ends exactly once: with the answer, or with a {@link RemotingException} whose reason
 *       says whether the peer may have seen the request. A late answer is dropped.
 *   <li>When the connection closes, whoever closes it, all pending calls fail with {@code
 *       CONNECTION_CLOSED}, and later ones with {@code NOT_CONNECTED}. That the peer's machine is gone
 *       is noticed late or not at all: only the timeout is sure.
 *   <li>A request's body is released exactly once, sent or not.
 * </ul>
 */
public interface Connection {

  InetSocketAddress remoteAddress();

  InetSocketAddress localAddress();

  boolean isOpen();

  /**
   * Sends a request that wants no answer. Dropped when the connection is closed or the request
   * cannot be written; the sender does not learn of it.
   */
  void notify(Request request);

  /**
   * Sends a request and waits for the peer's answer; fails with {@link RemotingException} when the
   * deadline passes, the connection closes, too many calls are pending or the request cannot be
   * written.
   *
   * @param timeout from now on, waiting for a place in the connection included
   */
  CompletionStage<Answer> call(Request request, Duration timeout);

  /**
   * Runs the task soon, on the event loop that owns this connection; never within this call. Dropped
   * when the server or client has been closed. It has no order with requests that are sent.
   */
  void execute(Runnable task);

  /**
   * Runs the action once when the connection has closed, on its event loop; soon when it is closed
   * already. Dropped when the server or client has been closed before.
   */
  void onClose(Runnable action);

  /** Closes it. What was sent and not yet written may be lost. */
  void close();
}
