package io.escrowmq.broker;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;

/** A proposal that fails at one point, and knows whether it has recorded anything before. */
final class StruckProposal implements Proposal {

  /** Where a proposal fails. */
  enum Point {
    BEFORE_RULING,
    AT_A_CALL_OF_THE_RULING,
    AFTER_A_CALL_OF_THE_RULING,
    AFTER_RULING,
    BEFORE_SETTLING,
    AFTER_SETTLING,
    ANSWERING,
    BEFORE_REFUSING,
    ANSWERING_A_REFUSAL,
    BEFORE_ABANDONING
  }

  private final Proposal proposal;
  private final Point point;
  private final int nth;
  private int calls;
  private boolean hasRecorded;
  private boolean isRuled;
  boolean hasFailed;
  boolean failedInRuling;
  boolean failedBetweenRecords;

  StruckProposal(Proposal proposal, Point point, int nth) {
    this.proposal = proposal;
    this.point = point;
    this.nth = nth;
  }

  @Override
  public int weight() {
    return proposal.weight();
  }

  @Override
  public void rule(Recorder recorder) {
    failAt(Point.BEFORE_RULING);
    failAt(Point.BEFORE_REFUSING);
    failAt(Point.ANSWERING_A_REFUSAL);
    proposal.rule(counting(recorder));
    failAt(Point.AFTER_RULING);
    isRuled = true;
  }

  @Override
  public void settle() {
    failAt(Point.BEFORE_SETTLING);
    proposal.settle();
    failAt(Point.AFTER_SETTLING);
  }

  @Override
  public void refuse(String reason) {
    if (point == Point.BEFORE_REFUSING) {
      throw new IllegalStateException("the refusal fails, as the test wants");
    }
    proposal.refuse(reason);
  }

  @Override
  public void abandon(String reason) {
    failAt(Point.BEFORE_ABANDONING);
    proposal.abandon(reason);
  }

  private Recorder counting(Recorder recorder) {
    return WatchedRecorder.of(
        recorder,
        name -> {
          calls++;
          failAtCall(Point.AT_A_CALL_OF_THE_RULING);
        },
        name -> {
          hasRecorded |= name.equals("record");
          failAtCall(Point.AFTER_A_CALL_OF_THE_RULING);
        });
  }

  private void failAtCall(Point here) {
    if (calls == nth) {
      failAt(here);
    }
  }

  private void failAt(Point here) {
    if (point != here) {
      return;
    }
    hasFailed = true;
    failedInRuling |= !isRuled;
    failedBetweenRecords |= !isRuled && hasRecorded;
    if (nth % 2 == 0) {
      throw new StackOverflowError("as the test wants");
    }
    throw new IllegalStateException("it fails, as the test wants");
  }
}
