package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/** Whether half-messages may enter escrow: their transaction takes more, and all bounds have room. Pure. */
final class AdmissionRule {

  private final EscrowBook book;
  private final Bounds bounds;

  AdmissionRule(EscrowBook book, Bounds bounds) {
    this.book = book;
    this.bounds = bounds;
  }

  /** See {@link TransactionCoordinator#onHalves}. */
  Admission onHalves(String group, @Nullable String name, int count, long size) {
    Escrow leader = name == null ? null : book.byName.find(group, name);
    if (leader != null && leader.isDecided()) {
      return new Admission.TooLate(leader.decision());
    }
    int here = leader == null ? 0 : EscrowBook.halvesOf(leader).size();
    int most = bounds.halvesOfTransaction();
    if (here + count > most) {
      return new Admission.Full(Admission.Limit.HALVES_OF_TRANSACTION, here, most);
    }
    Admission.Full full = fullFor(group, count, size);
    if (full != null) {
      return full;
    }
    return leader == null ? new Admission.Begins() : new Admission.Joins(leader.id);
  }

  private Admission.@Nullable Full fullFor(String group, int count, long size) {
    if (book.all.halves + count > bounds.halves()) {
      return new Admission.Full(Admission.Limit.HALVES, book.all.halves, bounds.halves());
    }
    if (book.all.bytes + size > bounds.bytes()) {
      return new Admission.Full(Admission.Limit.BYTES, book.all.bytes, bounds.bytes());
    }
    if (book.heldBytes >= bounds.memory()) {
      return new Admission.Full(Admission.Limit.MEMORY, book.heldBytes, bounds.memory());
    }
    GroupLedger ledger = book.groups.get(group);
    long halvesOfGroup = ledger == null ? 0 : ledger.halves;
    long bytesOfGroup = ledger == null ? 0 : ledger.bytes;
    if (halvesOfGroup + count > bounds.halvesOfGroup()) {
      return new Admission.Full(
          Admission.Limit.HALVES_OF_GROUP, halvesOfGroup, bounds.halvesOfGroup());
    }
    if (bytesOfGroup + size > bounds.bytesOfGroup()) {
      return new Admission.Full(
          Admission.Limit.BYTES_OF_GROUP, bytesOfGroup, bounds.bytesOfGroup());
    }
    return null;
  }
}
