package io.escrowmq.replication;

import java.util.OptionalLong;

/**
 * A replica of a group, as the controller knows it. Immutable.
 *
 * @param directory a name that its directory got at random when it was made; no two directories share it
 * @param incarnation the last opening that said hello
 * @param log where its log ended then
 * @param newestKind the highest kind of record that it can apply
 * @param lostFrom it may have lost from here on what it had acknowledged; it is *flagged*. Empty when it has not
 */
public record Member(
    int id,
    String directory,
    long incarnation,
    Profile profile,
    LogEnd log,
    int newestKind,
    OptionalLong lostFrom) {

  public Member {
    Limits.range("the number of a replica", id, 1, Integer.MAX_VALUE);
    Limits.range("an incarnation", incarnation, 1, Long.MAX_VALUE);
    Limits.text("the name of a directory", directory, Limits.MOST_NAME);
  }

  /** Whether it may have lost something that it had acknowledged. */
  public boolean isFlagged() {
    return lostFrom.isPresent();
  }

  public Incarnation current() {
    return new Incarnation(id, incarnation);
  }

  Member withoutFlag() {
    return new Member(id, directory, incarnation, profile, log, newestKind, OptionalLong.empty());
  }
}
