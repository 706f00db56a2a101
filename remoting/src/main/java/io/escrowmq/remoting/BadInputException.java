package io.escrowmq.remoting;

import io.escrowmq.remoting.code.ResponseCode;

/**
 * What a peer sent cannot be read: a header, a body or a message. The request table answers with
 * the code and the message, which names what is wrong; nothing is logged, because it is the peer's
 * fault and not ours. Carries no stack trace.
 */
public abstract class BadInputException extends RuntimeException {

  private final ResponseCode code;

  protected BadInputException(ResponseCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** What the peer is answered. */
  public final ResponseCode code() {
    return code;
  }
}
