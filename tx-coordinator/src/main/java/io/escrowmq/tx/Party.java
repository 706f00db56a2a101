package io.escrowmq.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The half-messages of one transaction that has several, or a name. Owner: the coordinator.
 *
 * <p>Lean, since most of those that have a name have one half-message: a list only where there are
 * several, and the name as its bytes.
 */
final class Party {

  private final Escrow leader;
  private @Nullable List<Escrow> several; // in the order of the log; null while there is one

  final byte @Nullable [] name; // UTF-8; null when it has none

  Party(Escrow leader, @Nullable String name) {
    this.leader = leader;
    this.name = name == null ? null : name.getBytes(UTF_8);
  }

  Escrow leader() {
    return leader;
  }

  /** What its producer calls it; null when it has no name. */
  @Nullable
  String name() {
    return name == null ? null : new String(name, UTF_8);
  }

  void join(Escrow half) {
    List<Escrow> all = several;
    if (all == null) {
      all = new ArrayList<>(2);
      all.add(leader);
      several = all;
    }
    all.add(half);
  }

  List<Escrow> halves() {
    return several == null ? List.of(leader) : several;
  }
}
