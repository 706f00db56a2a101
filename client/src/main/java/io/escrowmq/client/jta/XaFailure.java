package io.escrowmq.client.jta;

import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** Makes exceptions that transaction managers act on by their code, and people by their text. */
final class XaFailure {

  private XaFailure() {}

  static XAException of(int code, String message) {
    return of(code, message, null);
  }

  static XAException of(int code, String message, @Nullable Throwable cause) {
    XAException failure = new XAException(message);
    failure.errorCode = code;
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }
}
