package io.escrowmq.tx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One half-message, from its record until its decision is forgotten. Owner: the coordinator.
 *
 * <p>A million of them may be open, so it is lean: links instead of collections, and what few of
 * them have stands elsewhere.
 */
final class Escrow {

  /** Where a transaction stands. */
  enum State {
    IN_DOUBT,
    SUSPENDED,
    COMMITTED,
    ROLLED_BACK
  }

  static final long BYTES = 104;
  private static final long BYTES_OF_NAMED = 64; // beside the characters of the name

  final long id;
  final long recordedMillis;
  final GroupLedger group;

  long position; // of the newest record that holds it
  int bytes;

  // While it is in escrow: who lies before and behind it in the log.
  @Nullable
  Escrow placeBefore;

  @Nullable
  Escrow placeAfter;

  // The rest is the transaction's, and kept with its first half-message only.

  State state = State.IN_DOUBT;
  short checks;
  boolean isInImage; // that is being taken: as it was before it changed, see CoordinatorImage

  @Nullable
  Decider decider;

  long timeMillis; // in doubt: the next check is due, by the records; decided: when it was
  long dueTick; // in doubt: the same in ticks, or earlier; follows from the clock and the schedule,
  // too

  @Nullable
  Party party; // more than this half-message, or a name

  // In one list of each kind at most: by age; by what is to be done about it.
  @Nullable
  Escrow older;

  @Nullable
  Escrow younger;

  @Nullable
  Escrow before;

  @Nullable
  Escrow after;

  @Nullable
  EscrowList list;

  Escrow(long id, long recordedMillis, GroupLedger group, int bytes) {
    this.id = id;
    this.recordedMillis = recordedMillis;
    this.group = group;
    this.position = id;
    this.bytes = bytes;
  }

  /** The half-message that speaks for the whole transaction. */
  Escrow leader() {
    return party == null ? this : party.leader();
  }

  /** Whether its producer calls the transaction by a name. */
  boolean isNamed() {
    return party != null && party.name != null;
  }

  /** How much memory it takes, with its place in tables and its name; measured with a million. */
  long heldBytes() {
    byte[] name = party == null || party.leader() != this ? null : party.name;
    return name == null ? BYTES : BYTES + BYTES_OF_NAMED + name.length;
  }

  boolean isDecided() {
    return state == State.COMMITTED || state == State.ROLLED_BACK;
  }

  Decision decision() {
    if (!isDecided() || decider == null) {
      throw new IllegalStateException("the transaction " + id + " is not decided");
    }
    Verdict verdict = state == State.COMMITTED ? Verdict.COMMIT : Verdict.ROLLBACK;
    return new Decision(id, verdict, decider, timeMillis);
  }

  StoredHalf stored() {
    return new StoredHalf(id, position, bytes);
  }

  /** The half-messages of the transaction that this one speaks for. */
  List<StoredHalf> storedHalves() {
    if (party == null) {
      return List.of(stored());
    }
    return party.halves().stream().map(Escrow::stored).toList();
  }
}
