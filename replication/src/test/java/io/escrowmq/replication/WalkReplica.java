package io.escrowmq.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A replica as the walk knows it: a log of abstract records, and the real arithmetic while it leads. */
final class WalkReplica {

  /** One record; two with the same epoch at the same place must be equal. */
  record Entry(int epoch, String value) {}

  /** Where an epoch, or the largest one below it, ends. */
  record EpochEnd(int epoch, int end) {}

  final int id;
  final boolean syncs;
  final List<Entry> log = new ArrayList<>();
  int durable;
  int committed;
  boolean isAlive = true;
  boolean isKnown; // to the controller, in this incarnation
  boolean hasLost; // something that it had acknowledged; it says so when it says hello
  long incarnation = 1;
  int epoch;

  @Nullable
  Incarnation leader;

  @Nullable
  InSync leading;

  final Set<Incarnation> following = new HashSet<>(); // their logs were compared once
  int committedAtStart;
  int request; // the last one; only its answer counts

  WalkReplica(int id, boolean syncs) {
    this.id = id;
    this.syncs = syncs;
  }

  Incarnation self() {
    return new Incarnation(id, incarnation);
  }

  int lastEpoch() {
    return log.isEmpty() ? 0 : log.get(log.size() - 1).epoch();
  }

  int safe() {
    return syncs ? durable : log.size();
  }

  LogEnd end() {
    return new LogEnd(lastEpoch(), log.size());
  }

  EpochEnd endOf(int asked) {
    int found = 0;
    int end = 0;
    for (Entry entry : log) {
      if (entry.epoch() > asked) {
        break;
      }
      found = entry.epoch();
      end++;
    }
    return new EpochEnd(found, end);
  }

  void cut(int to) {
    while (log.size() > to) {
      log.remove(log.size() - 1);
    }
    durable = Math.min(durable, to);
    committed = Math.min(committed, to);
  }

  void stop() {
    isAlive = false;
    follow();
  }

  void follow() {
    leading = null;
  }

  void start(boolean remembersTheEpoch) {
    isAlive = true;
    isKnown = false;
    incarnation++;
    leader = null;
    if (!remembersTheEpoch) {
      epoch = 0;
    }
  }

  boolean has(List<Entry> entries) {
    return log.size() >= entries.size() && log.subList(0, entries.size()).equals(entries);
  }
}
