package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a broker or of this client did not succeed. The message says what
 * happened, where, and what to do; the subclass says which kind it is.
 */
public abstract class EscrowException extends RuntimeException {

  private final @Nullable String server;
  private final boolean mayHaveHappened;

  /**
   * @param server the address that was asked last; null if none was
   * @param mayHaveHappened see {@link #mayHaveHappened()}
   */
  protected EscrowException(
      String message, @Nullable String server, boolean mayHaveHappened, @Nullable Throwable cause) {
    super(message, cause);
    this.server = server;
    this.mayHaveHappened = mayHaveHappened;
  }

  /** The address "host:port" that was asked last; null when it never came to that. */
  public final @Nullable String server() {
    return server;
  }

  /**
   * True when what was asked for may have taken effect although no answer says so: a message may be
   * stored. False when it certainly did not.
   */
  public final boolean mayHaveHappened() {
    return mayHaveHappened;
  }
}
