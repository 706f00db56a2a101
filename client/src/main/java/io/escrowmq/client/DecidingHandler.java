package io.escrowmq.client;

/** A {@link Handler} that says itself what becomes of each message. */
@FunctionalInterface
public interface DecidingHandler {

  /** Handles one message; to throw is the same as {@link Verdict#retry()}. */
  Verdict handle(Delivery delivery) throws Exception;
}
