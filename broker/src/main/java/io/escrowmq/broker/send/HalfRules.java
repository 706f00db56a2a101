package io.escrowmq.broker.send;

import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;

/** What a half-message may be like, whatever is in escrow. Pure. */
final class HalfRules {

  private static final int FEW_CHARACTERS = HalfTerms.MOST_CONTROL_BYTES / 3; // at three bytes each
  private static final int CHECKED_BYTES = 64; // of the number of the check, which it gets later
  private static final int LONGEST_TRANSACTION = 255; // characters of a transaction's name
  private static final int LONGEST_GROUP = 255; // of a half-message's producer group

  private HalfRules() {}

  /**
   * Whether these are half-messages. Clients set both the flag and the property; either alone must not
   * make them visible.
   *
   * @param control what the first one tells to do with it
   */
  static boolean isHalf(SendRequest request, String control) {
    return request.isPrepared()
        || (Properties.has(control, PropertyNames.HALF, "true")
            && !TopicNames.isRetry(request.topic()));
  }

  /** @throws RefusedException when half-messages on these terms may not be sent there */
  static void check(Target target, HalfTerms terms) {
    if (target.isForRetries()) {
      throw new RefusedException(new Refusal.HalfOfRetries(target.name()));
    }
    String name = terms.transaction();
    if (name != null && name.length() > LONGEST_TRANSACTION) {
      throw new RefusedException(
          new Refusal.TransactionNameTooLong(name.length(), LONGEST_TRANSACTION));
    }
    int group = terms.group().length();
    if (group > LONGEST_GROUP) {
      throw new RefusedException(new Refusal.ProducerGroupTooLong(group, LONGEST_GROUP));
    }
  }

  /**
   * A producer is asked about a half-message with all that it sent, and the number of the check.
   *
   * @param properties complete with the broker's own
   * @param control what tells to do with the half-message
   * @throws RefusedException when there is no room for all of it
   */
  static void checkRoom(String properties, String control) {
    if (properties.length() + control.length() <= FEW_CHARACTERS) {
      return;
    }
    int aside = Properties.byteLength(control);
    if (aside > HalfTerms.MOST_CONTROL_BYTES) {
      throw new RefusedException(new Refusal.HalfTermsTooLong(aside, HalfTerms.MOST_CONTROL_BYTES));
    }
    int bytes = Properties.byteLength(properties) + aside;
    int most = Properties.MAX_BYTES - CHECKED_BYTES;
    if (bytes > most) {
      throw new RefusedException(new Refusal.HalfPropertiesTooLong(bytes, most));
    }
  }
}
