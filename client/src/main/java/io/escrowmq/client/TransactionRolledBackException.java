package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The transaction is rolled back, in the database and with all of its messages. Nothing happened; the
 * cause says why. It can be done again.
 */
public final class TransactionRolledBackException extends EscrowException {

  public TransactionRolledBackException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
