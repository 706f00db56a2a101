package io.escrowmq.broker.core;

import io.escrowmq.store.queue.ConsumeQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one turn of the log loop brought: what becomes visible and who gets an answer, once the log
 * is safe up to a position. Handed over once; settled by one thread, in the order of the turns.
 *
 * @param grown the queues with new entries
 * @param tails how far each of them is visible then
 * @param load what its proposals take of the inbox until they are settled
 */
record Batch(
    long end,
    List<ConsumeQueue> grown,
    long[] tails,
    List<Proposal> proposals,
    long load,
    Surroundings around) {

  /** What is told of every batch of a loop. */
  record Surroundings(List<Arrivals> arrivals, Inbox inbox, FailureLog failures) {}

  /**
   * Visible first, answered second: whoever was told of a message can read it. Each step stands
   * alone: one that fails keeps nobody else from an answer.
   */
  void settle() {
    for (int i = 0; i < tails.length; i++) {
      grown.get(i).publish(tails[i]);
    }
    for (Arrivals one : around.arrivals()) {
      each(grown, one::arrived);
    }
    each(proposals, Proposal::settle);
    around.inbox().giveBack(load);
  }

  void abandon(String reason) {
    each(proposals, proposal -> proposal.abandon(reason));
    around.inbox().giveBack(load);
  }

  /**
   * Tells those who wait that it is not known what comes of it.
   *
   * @return what is left to be settled
   */
  Batch giveUpWaiting(String reason) {
    List<Proposal> awaited = proposals.stream().filter(Proposal::isAwaited).toList();
    List<Proposal> others = proposals.stream().filter(one -> !one.isAwaited()).toList();
    each(awaited, proposal -> proposal.abandon(reason));
    around.inbox().giveBack(load);
    return new Batch(end, grown, tails, others, 0, around);
  }

  /** One that is shown when the later one is. */
  Batch and(Batch later) {
    Map<ConsumeQueue, Long> ends = new LinkedHashMap<>();
    List<Proposal> all = new ArrayList<>();
    for (Batch one : List.of(this, later)) {
      for (int i = 0; i < one.tails.length; i++) {
        ends.put(one.grown.get(i), one.tails[i]);
      }
      all.addAll(one.proposals);
    }
    return new Batch(
        later.end,
        List.copyOf(ends.keySet()),
        ends.values().stream().mapToLong(end -> end).toArray(),
        all,
        load + later.load,
        around);
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
