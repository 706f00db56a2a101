package io.escrowmq.tx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that is not decided, for people to look at. Immutable.
 *
 * @param id of its first half-message
 * @param name what its producer calls it, if anything
 * @param checks how often producers were asked
 * @param nextCheckMillis when it is due again; in the past while no producer can be asked, {@link
 *     Half#NEVER} when none ever is
 * @param suspended nobody is asked any more
 */
public record OpenTransaction(
    long id,
    @Nullable String name,
    String group,
    long recordedMillis,
    int checks,
    long nextCheckMillis,
    boolean suspended,
    List<StoredHalf> halves) {

  static OpenTransaction of(Escrow leader, long clockIsAhead) {
    Party party = leader.party;
    boolean isTimed = leader.state == Escrow.State.IN_DOUBT && leader.timeMillis != Half.NEVER;
    return new OpenTransaction(
        leader.id,
        party == null ? null : party.name(),
        leader.group.name,
        leader.recordedMillis,
        leader.checks,
        isTimed ? leader.dueTick + clockIsAhead : leader.timeMillis,
        leader.state == Escrow.State.SUSPENDED,
        leader.storedHalves());
  }

  /** Whether it waits for its transaction manager: no timer does anything about it. */
  public boolean isPrepared() {
    return nextCheckMillis == Half.NEVER;
  }
}
