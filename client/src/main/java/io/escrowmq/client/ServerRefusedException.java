package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/** The server has refused a request for a reason of its own, which the message repeats. */
public final class ServerRefusedException extends EscrowException {

  private final int code;

  /**
   * @param code the response code on the wire
   * @param mayHaveHappened whether the server may have done a part of it
   */
  public ServerRefusedException(
      String message, @Nullable String server, int code, boolean mayHaveHappened) {
    super(message, server, mayHaveHappened, null);
    this.code = code;
  }

  /** The response code on the wire. */
  public int code() {
    return code;
  }
}
