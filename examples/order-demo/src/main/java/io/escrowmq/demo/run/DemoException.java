package io.escrowmq.demo.run;

/** The demo itself cannot go on; says why, and where to look. */
public final class DemoException extends RuntimeException {

  DemoException(String message) {
    super(message);
  }

  DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
