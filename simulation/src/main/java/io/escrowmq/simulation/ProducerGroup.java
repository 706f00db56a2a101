package io.escrowmq.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the producers of a group know together, as those of an application know from their database. */
final class ProducerGroup {

  final String name;
  private final List<Deal> open = new ArrayList<>(); // whose end nobody was told yet
  private final List<Deal> late = new ArrayList<>(); // that are to stay open
  private int begun;

  ProducerGroup(String name) {
    this.name = name;
  }

  Deal begin(int broker, boolean commits, boolean isNamed, Deal.ReportTime reportTime) {
    Deal deal = new Deal(name + "-" + begun++, name, broker, commits, isNamed, reportTime);
    switch (reportTime) {
      case SOON -> open.add(deal);
      case LATE -> late.add(deal);
      case WHEN_ASKED -> {}
    }
    return deal;
  }

  /** Whether its producers can tell by now how a transaction ended. */
  boolean canTell(Deal deal) {
    return !late.contains(deal);
  }

  /** From now on they can tell it of all. */
  void tellAll() {
    open.addAll(late);
    late.clear();
  }

  /** The broker knows of this one, whatever was heard of its messages. */
  void met(Deal deal) {
    if (!deal.isEnded() && !open.contains(deal)) {
      open.add(deal);
    }
  }

  /** One that is open; null when none is. */
  @Nullable
  Deal any(Random random) {
    open.removeIf(Deal::isEnded);
    return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
  }

  List<Deal> open() {
    open.removeIf(Deal::isEnded);
    return List.copyOf(open);
  }
}
