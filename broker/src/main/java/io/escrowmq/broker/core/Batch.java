package io.escrowmq.broker.core;

import io.escrowmq.store.queue.Publication;
import java.util.List;

/**
 * What one turn of the log loop brought: what becomes visible and who gets an answer, once the log
 * is safe up to a position. Handed over once; settled by one thread, in the order of the turns.
 */
record Batch(
    long end, List<Publication> publications, List<Proposal> proposals, Arrivals arrivals) {

  /** Visible first, answered second: whoever was told of a message can read it. */
  void settle() {
    for (Publication publication : publications) {
      publication.publish();
    }
    for (Publication publication : publications) {
      arrivals.arrived(publication.queue());
    }
    for (Proposal proposal : proposals) {
      proposal.settle();
    }
  }

  void abandon(String reason) {
    for (Proposal proposal : proposals) {
      proposal.abandon(reason);
    }
  }
}
