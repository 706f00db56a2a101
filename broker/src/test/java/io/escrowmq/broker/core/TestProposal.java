package io.escrowmq.broker.core;

import java.util.List;
import java.util.function.Consumer;

/** A proposal of a test, with what became of it told in the test's list. */
final class TestProposal implements Proposal {

  private final String name;
  private final Consumer<Recorder> ruling;
  private final Runnable settled;
  private final List<String> told;

  /** @param told gets a line when the proposal is refused or abandoned */
  TestProposal(String name, Consumer<Recorder> ruling, Runnable settled, List<String> told) {
    this.name = name;
    this.ruling = ruling;
    this.settled = settled;
    this.told = told;
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public void rule(Recorder recorder) {
    ruling.accept(recorder);
  }

  @Override
  public void settle() {
    settled.run();
  }

  @Override
  public void refuse(String reason) {
    told.add(name + " refused: " + reason);
  }

  @Override
  public void abandon(String reason) {
    told.add(name + " abandoned: " + reason);
  }
}
