package io.escrowmq.remoting.message;

import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.code.ResponseCode;

/** Bytes that are no message, or a message that does not fit its layout; the sender's fault. */
public final class BadMessageException extends BadInputException {

  public BadMessageException(String message) {
    super(ResponseCode.MESSAGE_ILLEGAL, message);
  }
}
