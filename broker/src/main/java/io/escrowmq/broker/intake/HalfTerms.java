package io.escrowmq.broker.intake;

import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a half-message told to do with it, read once from the properties that are kept
 * beside it. Pure.
 *
 * @param control those properties, at most {@link #MOST_CONTROL_BYTES}
 * @param group whose producers may decide and may be asked; "" when none was named
 * @param transaction what its producer calls the transaction; null when nothing
 * @param isPrepared whether a transaction manager decides it, so that nobody is asked
 * @param immunitySeconds how long nobody is to be asked, as it was sent; null when not given
 */
public record HalfTerms(
    String control,
    String group,
    @Nullable String transaction,
    boolean isPrepared,
    @Nullable String immunitySeconds) {

  /** The properties stand before the message in its record, and must not grow without a bound. */
  public static final int MOST_CONTROL_BYTES = 4096;

  private static final String[] NAMES = {
    PropertyNames.PRODUCER_GROUP,
    PropertyNames.ESCROW_TRANSACTION,
    PropertyNames.ESCROW_PREPARED,
    PropertyNames.CHECK_IMMUNITY_SECONDS
  };

  /** The terms that these properties are. */
  public static HalfTerms of(String control) {
    @Nullable String[] values = Properties.values(control, NAMES);
    return new HalfTerms(
        control,
        values[0] == null ? "" : values[0],
        values[1],
        "true".equals(values[2]),
        values[3]);
  }

  /** The same for a sender who may have named its group beside the properties only. */
  public static HalfTerms of(String control, String sendersGroup) {
    HalfTerms terms = of(control);
    return terms.group.isEmpty()
        ? of(Properties.with(control, PropertyNames.PRODUCER_GROUP, sendersGroup))
        : terms;
  }
}
