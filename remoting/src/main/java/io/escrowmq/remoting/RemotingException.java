package io.escrowmq.remoting;

/** The network failed us: not connected, timed out, closed, or too many calls pending. */
public final class RemotingException extends RuntimeException {

  /** What is known about the request. */
  public enum Reason {
    /** Nothing was sent. */
    NOT_CONNECTED,
    /** Nothing was sent: too many calls wait already. */
    TOO_MANY_PENDING,
    /** Nothing was sent: the request itself cannot be written, now or later; it may be too large. */
    NOT_WRITABLE,
    /** It was sent; whether it was carried out is not known. */
    TIMED_OUT,
    /** It was sent; whether it was carried out is not known. */
    CONNECTION_CLOSED
  }

  private final Reason reason;

  public RemotingException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
