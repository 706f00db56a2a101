package io.escrowmq.namesrv.controller;

/** What the controllers agree on cannot be read or kept. The message says why, and what to do. */
public final class ConsensusException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConsensusException(String message, Throwable cause) {
    super(message, cause);
  }
}
