package io.escrowmq.tx;

/** What is due. It stays due until what follows from it has been recorded and applied. */
public sealed interface Effect {

  long id();

  /**
   * A producer is to be asked.
   *
   * @param position where the transaction's first half-message lies
   * @param check the number of this check, from 1
   * @param nextMillis when it will be due again
   */
  record Ask(long id, long position, String group, int check, long nextMillis) implements Effect {}

  /** All checks were in vain. */
  record Exhaustion(long id, String group) implements Effect {}
}
