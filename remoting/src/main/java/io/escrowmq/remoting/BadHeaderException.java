package io.escrowmq.remoting;

import io.escrowmq.remoting.code.ResponseCode;

/** A request whose header lacks a field or carries one that cannot be read; the sender's fault. */
public final class BadHeaderException extends BadInputException {

  private static final int SHOWN = 64; // characters of a bad value that an answer repeats

  private BadHeaderException(String message) {
    super(ResponseCode.SYSTEM_ERROR, message);
  }

  static BadHeaderException missing(String name) {
    return new BadHeaderException("the header field '" + name + "' is missing");
  }

  static BadHeaderException notA(String expected, String name, String value) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    return new BadHeaderException(
        "the header field '" + name + "' is not a " + expected + ": '" + shown + "'");
  }
}
