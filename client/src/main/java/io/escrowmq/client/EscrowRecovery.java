package io.escrowmq.client;

/**
 * Lets a transaction manager's recovery find what its crashed predecessors have prepared. One a
 * process and {@link EscrowJta}; register before the first recovery scan.
 */
public interface EscrowRecovery extends AutoCloseable {

  /**
   * Registers with Narayana's recovery, which must have been started.
   *
   * @throws IllegalStateException when it runs without a module for XA
   */
  static EscrowRecovery withNarayana(EscrowJta jta) {
    return Provider.get().narayanaRecovery(jta);
  }

  /** Takes it out again. */
  @Override
  void close();
}
