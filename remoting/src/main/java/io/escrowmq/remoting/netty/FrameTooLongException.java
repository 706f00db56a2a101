package io.escrowmq.remoting.netty;

/** A header and a body do not fit one frame. Nothing of it was written. */
final class FrameTooLongException extends RuntimeException {

  FrameTooLongException(long frameLength, int most) {
    super(
        "a frame of " + frameLength + " bytes, at most " + most + " are allowed",
        null,
        false,
        false);
  }
}
