package io.escrowmq.broker.core;

/** Nothing is in escrow. */
public final class EmptyEscrow implements OldSegments {

  @Override
  public long oldestPosition() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean renewBefore(long position, Recorder recorder) {
    return true;
  }

  @Override
  public void makeWay(long position, Recorder recorder) {}
}
