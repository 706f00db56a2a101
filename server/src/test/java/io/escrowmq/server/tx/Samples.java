package io.escrowmq.server.tx;

import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionEntry.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions to print. */
final class Samples {

  static final long NOW_MILLIS = 1_700_000_000_000L;

  private Samples() {}

  /** Recorded 61 s ago, next asked in 24 s. */
  static TransactionEntry open(long id, State state, Half... halves) {
    return entry(id, state, null, halves);
  }

  static TransactionEntry entry(long id, State state, @Nullable Verdict decision, Half... halves) {
    return new TransactionEntry(
        id,
        messageId(id),
        null,
        "orders",
        state,
        NOW_MILLIS - 61_000,
        2,
        NOW_MILLIS + 24_000,
        "10.0.0.9:50312",
        List.of(halves),
        decision);
  }

  static Half half(long id, String topic) {
    return new Half(messageId(id), topic, 3, "0A00000900011F", null, "new", 412);
  }

  static String messageId(long id) {
    return String.format("7F00000100002A9F%016X", id);
  }
}
