package io.escrowmq.tx;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The half-messages of one transaction that has several, or a name. Owner: the coordinator. */
final class Party {

  private final List<Escrow> halves = new ArrayList<>(2); // in the order of the log

  final @Nullable TransactionName name;

  Party(Escrow leader, @Nullable TransactionName name) {
    this.name = name;
    halves.add(leader);
  }

  Escrow leader() {
    return halves.get(0);
  }

  void join(Escrow half) {
    halves.add(half);
  }

  List<Escrow> halves() {
    return halves;
  }
}
