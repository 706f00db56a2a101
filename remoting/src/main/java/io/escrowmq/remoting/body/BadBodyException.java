package io.escrowmq.remoting.body;

import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.code.ResponseCode;

/** A body that cannot be read; the sender's fault. */
public final class BadBodyException extends BadInputException {

  public BadBodyException(String message) {
    super(ResponseCode.SYSTEM_ERROR, message);
  }
}
