package io.escrowmq.tx;

/**
 * What one group's producers have in escrow, and who of it is to be asked about now. Owner: the
 * coordinator.
 */
final class GroupLedger {

  final String name;

  long halves;
  long bytes;

  /** Transactions that are due, in the order in which they became so. */
  final EscrowList due = new EscrowList();

  /** Transactions that were due when no producer could be asked. */
  final EscrowList unanswerable = new EscrowList();

  final EscrowList suspended = new EscrowList();

  long nextAskTick; // not before, so that a producer's queue does not overflow

  GroupLedger(String name) {
    this.name = name;
  }

  boolean isEmpty() {
    return halves == 0;
  }
}
