package io.escrowmq.client.core;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.InterruptedWaitException;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.runtime.Loops;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The blocking form of what is asynchronous underneath. Any thread but the network's own. */
public final class BlockingCalls {

  private static final Logger LOG = LoggerFactory.getLogger(BlockingCalls.class);

  private final Loops loops;
  private final RemotingClient network;

  public BlockingCalls(Loops loops, RemotingClient network) {
    this.loops = loops;
    this.network = network;
  }

  /**
   * The stage's result, or its {@link EscrowException}, thrown here. The stage must have a deadline
   * of its own.
   *
   * @throws IllegalStateException on a network thread, which would wait for itself
   */
  public <T> T forResultOf(CompletionStage<T> stage) {
    checkThread();
    try {
      return loops.await(stage.toCompletableFuture());
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      Throwable cause = Failures.unwrapped(e);
      if (cause instanceof EscrowException known) {
        known.addSuppressed(new CallerTrace());
        throw known;
      }
      throw new IllegalStateException(cause);
    }
  }

  /** Waits for the end of the stage, and logs how it failed, if it did. */
  public void quietly(CompletionStage<?> stage) {
    try {
      forResultOf(stage);
    } catch (RuntimeException e) { // closing goes on
      LOG.warn("while closing: {}", e.getMessage());
    }
  }

  /** What to throw instead, with the thread's interrupt flag set again. */
  public static InterruptedWaitException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new InterruptedWaitException("interrupted while waiting", null, cause);
  }

  /** Refuses to block a network thread. */
  public void checkThread() {
    if (network.isNetworkThread()) {
      throw new IllegalStateException("a blocking call on a network thread would wait for itself;"
          + " use the asynchronous form, or another thread (thenApplyAsync)");
    }
  }

  /** Shows the caller, beside the stack of the network thread on which it failed. */
  private static final class CallerTrace extends RuntimeException {

    CallerTrace() {
      super("waited for here");
    }
  }
}
