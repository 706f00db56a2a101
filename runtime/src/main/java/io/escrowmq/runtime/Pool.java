package io.escrowmq.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A bounded number of threads for work that may block. A failure of one piece of work ends no thread. */
public interface Pool extends Executor, AutoCloseable {

  /**
   * Runs it as soon as a thread is free.
   *
   * @throws RejectedExecutionException when too much waits, or when closed
   */
  @Override
  void execute(Runnable work);

  /** Drops what waits, lets go on what runs; does not wait. */
  @Override
  void close();
}
