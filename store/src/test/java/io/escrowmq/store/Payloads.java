package io.escrowmq.store;

/** Payloads for records of tests. */
public final class Payloads {

  private Payloads() {}

  /** Writes the first of these bytes, as many as were announced. */
  public static PayloadWriter of(byte[] bytes) {
    return (position, batch) -> batch.put(bytes, 0, batch.remaining());
  }
}
