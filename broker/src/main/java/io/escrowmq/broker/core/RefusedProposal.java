package io.escrowmq.broker.core;

/** Takes the place of a proposal that could not be ruled on, so that it is answered in its order. */
final class RefusedProposal implements Proposal {

  private final Proposal proposal;
  private final String reason;

  RefusedProposal(Proposal proposal, String reason) {
    this.proposal = proposal;
    this.reason = reason;
  }

  @Override
  public int weight() {
    return proposal.weight();
  }

  @Override
  public void rule(Recorder recorder) {}

  @Override
  public void settle() {
    proposal.refuse(reason);
  }

  @Override
  public void refuse(String why) {
    proposal.refuse(why);
  }

  @Override
  public void abandon(String why) {
    proposal.abandon(why);
  }
}
