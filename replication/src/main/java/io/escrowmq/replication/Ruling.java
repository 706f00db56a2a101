package io.escrowmq.replication;

import org.jspecify.annotations.Nullable;

/** What the book makes of a command. Nothing has changed yet. */
public sealed interface Ruling {

  /** To be kept. The same state as before if there was nothing left to do. */
  record Accepted(GroupState state) implements Ruling {}

  /**
   * Nothing changes.
   *
   * @param state what the asker should know; null when there is no such group
   */
  record Refused(Refusal refusal, @Nullable GroupState state) implements Ruling {}
}
