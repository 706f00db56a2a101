package io.escrowmq.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A consumer group: how far it said that it is on each queue, and what the broker says of that. */
final class Group {

  /** What was reported of one queue, in this order. */
  private static final class Reports {
    final List<Long> offsets = new ArrayList<>();
    final List<Long> sentNanos = new ArrayList<>();
    final List<Long> answeredNanos = new ArrayList<>(); // or never
    int answered = -1; // the last one that was
    int answeredInLife; // of the broker
  }

  final String name;
  private final Cluster cluster;
  private final boolean isDamaged;
  private final boolean retains;
  private final Map<Queue, Reports> reports = new HashMap<>();

  Group(String name, Cluster cluster, Conditions conditions) {
    this.name = name;
    this.cluster = cluster;
    this.isDamaged = conditions.flips() || conditions.losesTail();
    this.retains = conditions.retains();
  }

  /** Somebody of the group reports where it is; a number for the report. */
  int reports(Queue queue, long offset) {
    Reports all = reports.computeIfAbsent(queue, key -> new Reports());
    all.offsets.add(offset);
    all.sentNanos.add(cluster.nanos());
    all.answeredNanos.add(Long.MAX_VALUE);
    return all.offsets.size() - 1;
  }

  /** @param life of the broker, in which the report was made */
  void answered(Queue queue, int report, int life) {
    Reports all = reports.computeIfAbsent(queue, key -> new Reports());
    all.answeredNanos.set(report, cluster.nanos());
    if (report > all.answered) {
      all.answered = report;
      all.answeredInLife = life;
    }
  }

  /**
   * The last report that counts for somebody who asks now; below 0: none.
   *
   * @param recordedNanos what was answered by then is in the log
   */
  int before(Queue queue, long recordedNanos) {
    Reports all = reports.get(queue);
    if (all == null) {
      return -1;
    }
    if (all.answeredInLife == cluster.broker(queue.broker()).lives()) {
      return all.answered;
    }
    int last = all.answered;
    while (last >= 0 && all.answeredNanos.get(last) > recordedNanos) {
      last--;
    }
    return last;
  }

  /**
   * The broker has said where the group is.
   *
   * @param last the last report that counts
   */
  void stands(Queue queue, long offset, int last) {
    Reports all = reports.get(queue);
    boolean mayBeNew = last < 0 && retains; // it begins where the broker says then
    if (all == null || isDamaged || mayBeNew) {
      return;
    }
    if (offset > 0 || last >= 0) {
      judge(queue, offset, last, all);
    }
  }

  // One that was not answered yet when the last one was sent may have come behind that.
  private void judge(Queue queue, long offset, int last, Reports all) {
    boolean isKnown = false;
    for (int i = 0; i < all.offsets.size() && !isKnown; i++) {
      boolean counts = i >= last || all.answeredNanos.get(i) > all.sentNanos.get(last);
      isKnown = counts && all.offsets.get(i) == offset;
    }
    if (!isKnown) {
      throw new Violation("%s stands at %d of %s, after it reported %s"
          .formatted(
              name, offset, queue, all.offsets.subList(Math.max(0, last), all.offsets.size())));
    }
  }
}
