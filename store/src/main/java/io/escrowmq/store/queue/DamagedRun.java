package io.escrowmq.store.queue;

/**
 * A sealed run of keys that is not as it was written. Immutable.
 *
 * @param address where it lies
 * @param keys how many it had
 * @param from keys of the record at this position may be among them, and of those behind it
 * @param to the position of the last record of which it has keys
 */
public record DamagedRun(long address, int keys, long from, long to) {

  @Override
  public String toString() {
    return keys + " keys of messages that became visible at log positions " + from + " to " + to;
  }
}
