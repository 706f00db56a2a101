package io.escrowmq.client;

import io.escrowmq.client.jta.NarayanaRecovery;

/**
 * Lets a transaction manager's recovery find what its crashed predecessors have prepared. One a
 * process and {@link EscrowJta}; register before the first recovery scan.
 */
public final class EscrowRecovery implements AutoCloseable {

  private final NarayanaRecovery registered;

  private EscrowRecovery(NarayanaRecovery registered) {
    this.registered = registered;
  }

  /**
   * Registers with Narayana's recovery, which must have been started.
   *
   * @throws IllegalStateException when it runs without a module for XA
   */
  public static EscrowRecovery withNarayana(EscrowJta jta) {
    NarayanaRecovery recovery = new NarayanaRecovery(jta::xaResource);
    recovery.register();
    return new EscrowRecovery(recovery);
  }

  /** Takes it out again. */
  @Override
  public void close() {
    registered.close();
  }
}
