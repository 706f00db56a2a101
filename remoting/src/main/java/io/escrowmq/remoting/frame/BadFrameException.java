package io.escrowmq.remoting.frame;

/** Bytes that are no frame, or a frame beyond a limit; the connection they came from is closed. */
public final class BadFrameException extends RuntimeException {

  public BadFrameException(String message) {
    super(message, null, false, false);
  }
}
