package io.escrowmq.tx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one group's producers have in escrow, and who of it is to be asked about now. Owner: the
 * coordinator.
 */
final class GroupLedger {

  final String name;

  long halves;
  long bytes;

  // Transactions that are due, in the order in which they became so. Several lists, since a million
  // may
  // become due at once: then their list joins the others as it is.
  private final Deque<EscrowList> due = new ArrayDeque<>(1);

  /** Transactions that were due when no producer could be asked. */
  private EscrowList unanswerable = new EscrowList();

  private EscrowList suspended = new EscrowList();

  // Kept by AskingGroups, and unchanged while the group is there.

  long nextAskTick; // not before, so that a producer's queue does not overflow
  long placeAsking;
  boolean isAsking;

  GroupLedger(String name) {
    this.name = name;
  }

  boolean isEmpty() {
    return halves == 0;
  }

  /** A transaction that is in no list waits for a producer. */
  void cannotAsk(Escrow escrow) {
    unanswerable.add(escrow);
  }

  /** A transaction that is in no list waits until a producer comes back. */
  void suspend(Escrow escrow) {
    suspended.add(escrow);
  }

  /** A transaction that is in no list waits to be asked about. */
  void becomeDue(Escrow escrow) {
    if (due.isEmpty()) {
      due.add(new EscrowList());
    }
    due.getLast().add(escrow);
  }

  /** The same for all that wait for a producer; however many, it costs the same. */
  void allBecomeDue() {
    if (!unanswerable.isEmpty()) {
      due.add(unanswerable);
      unanswerable = new EscrowList();
    }
    if (!suspended.isEmpty()) {
      due.add(suspended);
      suspended = new EscrowList();
    }
  }

  /** The first that are due, so many at most. */
  List<Escrow> due(int most) {
    while (!due.isEmpty() && due.getFirst().isEmpty()) {
      due.removeFirst();
    }
    List<Escrow> found = new ArrayList<>();
    for (EscrowList list : due) {
      for (Escrow at = list.first(); at != null && found.size() < most; at = at.after) {
        found.add(at);
      }
      if (found.size() == most) {
        break;
      }
    }
    return found;
  }

  /** Whether anything is due, or was and is not any more. */
  boolean mayHaveDue() {
    return !due.isEmpty();
  }
}
