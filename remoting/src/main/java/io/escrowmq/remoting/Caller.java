package io.escrowmq.remoting;

/**
 * Who sends a request. Immutable.
 *
 * @param name as settings and logs call it; "" for whoever has not logged in
 */
public record Caller(String name) {

  /** Whoever has not logged in. */
  public static final Caller ANONYMOUS = new Caller("");
}
