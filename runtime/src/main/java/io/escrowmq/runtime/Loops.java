package io.escrowmq.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Who turns loops and runs what may block: threads in production, the test itself in a simulation. The
 * caller closes what it was given.
 */
public interface Loops {

  /**
   * A worker that has no loop yet.
   *
   * @param name for people who look at threads
   * @param ticker by which its loop says when a turn is due
   */
  Worker worker(String name, Ticker ticker);

  /**
   * A pool for work that may block.
   *
   * @param most pieces of work that run at a time
   * @param waiting at most so many wait for their turn; one more is refused
   */
  Pool pool(String name, int most, int waiting);

  /**
   * Waits until the future is done, on the asking thread; in a simulation all else goes on meanwhile.
   *
   * @throws ExecutionException with the cause, if the future failed
   */
  <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException;

  /**
   * Waits until the future is done or has failed, at most this long, as {@link #await} does.
   *
   * @return whether it was done in time
   */
  boolean await(CompletableFuture<?> future, long nanos) throws InterruptedException;
}
