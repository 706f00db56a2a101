package io.escrowmq.store;

import org.jspecify.annotations.Nullable;

/** Why nothing more is appended to a log for now. Immutable. */
public sealed interface Shortage {

  /**
   * The disk is full.
   *
   * @param missingBytes must be freed before there is room for messages
   * @param reason as the disk or the system says it
   */
  record OfDisk(long missingBytes, @Nullable String reason) implements Shortage {}

  /**
   * Too few replicas have the end of the log.
   *
   * @param bytes that would wait for them, what was asked for among them
   * @param most that may
   */
  record OfReplicas(long bytes, long most) implements Shortage {}
}
