package io.escrowmq.client.tx;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which statement has aborted a transaction, as far as the driver and the watch can tell. */
final class Aborts {

  private static final String ABORTED = "25P02"; // PostgreSQL: only a rollback is taken any more

  private Aborts() {}

  /** Whether it only says that the transaction was aborted before. */
  static boolean isConsequence(SQLException failure) {
    return ABORTED.equals(failure.getSQLState());
  }

  /**
   * Why a statement of the client's failed, in words.
   *
   * @param ignored the last failure of a statement of the work; null when there was none
   */
  static String reason(SQLException failure, @Nullable SQLException ignored) {
    if (!isConsequence(failure)) {
      return "SQLSTATE " + failure.getSQLState() + ", " + failure.getMessage();
    }
    SQLException cause = cause(failure);
    return "the database aborted it" + after(cause == null ? ignored : cause)
        + "; let such exceptions pass, or go back to a savepoint";
  }

  /** " after a statement failed ..."; empty without a failure. */
  static String after(@Nullable SQLException failure) {
    return failure == null
        ? ""
        : " after a statement failed with SQLSTATE " + failure.getSQLState() + " ("
            + failure.getMessage() + ")";
  }

  /** PostgreSQL's driver remembers what aborted the transaction. */
  private static @Nullable SQLException cause(SQLException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException first && !isConsequence(first)) {
        return first;
      }
    }
    return null;
  }
}
