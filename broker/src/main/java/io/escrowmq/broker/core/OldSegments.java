package io.escrowmq.broker.core;

/**
 * What is in escrow in segments that will go. The caller asks on the log loop; the implementation
 * keeps the segments from {@link #oldestPosition} on alive by naming them.
 */
public interface OldSegments {

  /** The oldest record that is still needed; segments from there on must be kept. */
  long oldestPosition();

  /**
   * Records again a bounded part of what lies before a position.
   *
   * @return whether nothing is left to do there for now
   */
  boolean renewBefore(long position, Recorder recorder);

  /**
   * Records again, out of the log's reserve, everything that lies before a position, or nothing: for
   * a segment that would go and give its room back, on a disk that is too full for {@link
   * #renewBefore}. Leaves at least as much of the reserve as it takes.
   */
  void makeWay(long position, Recorder recorder);
}
