package io.escrowmq.tx;

/** Whether half-messages may enter escrow. Nothing has changed yet. */
public sealed interface Admission {

  /** They begin a transaction of their own. */
  record Begins() implements Admission {}

  /** They join the transaction of this half-message. */
  record Joins(long leader) implements Admission {}

  /**
   * A bound is reached.
   *
   * @param limit which one
   * @param held how much is held now
   * @param most how much may be held
   */
  record Full(Limit limit, long held, long most) implements Admission {}

  /** The transaction that they want to join was decided already. */
  record TooLate(Decision decision) implements Admission {}

  /** The bounds. */
  enum Limit {
    HALVES,
    BYTES,
    MEMORY,
    HALVES_OF_GROUP,
    BYTES_OF_GROUP,
    HALVES_OF_TRANSACTION
  }
}
