package io.escrowmq.broker.core;

import java.util.function.Consumer;

/** Something that the broker itself wants recorded; nobody waits for an answer. */
public final class InnerProposal implements Proposal {

  private static final int WEIGHT = 256;

  private final Consumer<Recorder> ruling;
  private final Runnable afterwards;

  public InnerProposal(Consumer<Recorder> ruling, Runnable afterwards) {
    this.ruling = ruling;
    this.afterwards = afterwards;
  }

  @Override
  public int weight() {
    return WEIGHT;
  }

  @Override
  public void rule(Recorder recorder) {
    ruling.accept(recorder);
  }

  @Override
  public void settle() {
    afterwards.run();
  }

  @Override
  public boolean isAwaited() {
    return false;
  }

  @Override
  public void refuse(String reason) {}

  @Override
  public void abandon(String reason) {}
}
