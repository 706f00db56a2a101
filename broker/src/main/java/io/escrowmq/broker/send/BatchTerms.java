package io.escrowmq.broker.send;

import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The messages of a batch are stored together, so what their properties ask for must agree. Pure. */
final class BatchTerms {

  private static final String[] OF_TRANSACTION = {
    PropertyNames.PRODUCER_GROUP,
    PropertyNames.ESCROW_TRANSACTION,
    PropertyNames.ESCROW_PREPARED,
    PropertyNames.CHECK_IMMUNITY_SECONDS
  };

  private BatchTerms() {}

  /**
   * Judges each message by its own properties.
   *
   * @param isPrepared whether the request says that all of them are half-messages
   * @param group the sender's
   * @throws BadMessageException when they ask for different things, or for what a batch cannot have
   */
  static void check(SentBatch batch, boolean isPrepared, String group, long nowMillis) {
    String first = batch.control(0);
    boolean isHalf = isPrepared || isHalf(first);
    @Nullable String[] terms = isHalf ? terms(first, group) : new String[0];
    for (int i = 0; i < batch.count(); i++) {
      String control = batch.control(i);
      if (!control.isEmpty()) {
        refuseDelay(control, i, nowMillis);
      }
      if (!isPrepared && isHalf(control) != isHalf) {
        throw new BadMessageException("message " + i + " of the batch is "
            + (isHalf
                ? "no half-message, the first one is"
                : "a half-message, the first one is not")
            + "; send them in batches of their own");
      }
      if (isHalf && !control.equals(first)) {
        refuseOther(terms, terms(control, group), i);
      }
    }
  }

  private static boolean isHalf(String control) {
    return Properties.has(control, PropertyNames.HALF, "true");
  }

  private static void refuseDelay(String control, int message, long nowMillis) {
    DueTime.Asked asked = DueTime.of(control, nowMillis);
    if (asked.refusal() != null || asked.dueMillis() > 0) {
      throw new BadMessageException("message " + message
          + " of the batch asks for a delay, which messages of a batch cannot have; send it alone");
    }
  }

  private static @Nullable String[] terms(String control, String group) {
    @Nullable String[] terms = Properties.values(control, OF_TRANSACTION);
    terms[0] = terms[0] == null ? group : terms[0];
    return terms;
  }

  private static void refuseOther(@Nullable String[] first, @Nullable String[] other, int message) {
    for (int i = 0; i < first.length; i++) {
      if (!Objects.equals(first[i], other[i])) {
        throw new BadMessageException("message " + message + " of the batch says "
            + OF_TRANSACTION[i] + "=" + other[i] + ", the first one " + first[i]
            + "; half-messages that come together are one transaction");
      }
    }
  }
}
