package io.escrowmq.broker.core;

import io.escrowmq.store.queue.Publication;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one turn of the log loop brought: what becomes visible and who gets an answer, once the log
 * is safe up to a position. Handed over once; settled by one thread, in the order of the turns.
 *
 * @param load what its proposals take of the inbox until they are settled
 */
record Batch(
    long end,
    List<Publication> publications,
    List<Proposal> proposals,
    long load,
    Surroundings around) {

  /** What is told of every batch of a loop. */
  record Surroundings(Arrivals arrivals, Inbox inbox, FailureLog failures) {}

  /**
   * Visible first, answered second: whoever was told of a message can read it. Each step stands
   * alone: one that fails keeps nobody else from an answer.
   */
  void settle() {
    each(publications, Publication::publish);
    each(publications, publication -> around.arrivals().arrived(publication.queue()));
    each(proposals, Proposal::settle);
    around.inbox().giveBack(load);
  }

  void abandon(String reason) {
    each(proposals, proposal -> proposal.abandon(reason));
    around.inbox().giveBack(load);
  }

  private <T> void each(List<T> all, Consumer<T> step) {
    for (T one : all) {
      try {
        step.accept(one);
      } catch (RuntimeException | Error e) {
        around.failures().add(one.getClass().getSimpleName(), e);
      }
    }
  }
}
