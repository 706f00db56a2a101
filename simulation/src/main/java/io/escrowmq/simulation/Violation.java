package io.escrowmq.simulation;

/** A promise that does not hold. */
final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1;

  Violation(String promise) {
    super(promise);
  }
}
