package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/**
 * DECIDE_TRANSACTION: a producer reports how the transaction of this name ended, and waits until
 * that is recorded. Safe to repeat.
 *
 * @param transaction what its half-messages carry as {@code PropertyNames.ESCROW_TRANSACTION}
 * @param commitOrRollback one of the transaction values of {@code SysFlags}; 0 is "not known"
 * @param halfMessages how many half-messages the producer knows to be stored; with fewer, the
 *     broker does not decide
 * @param fromCheck the broker had asked
 * @param id of one of the half-messages, by which an old decision is found; -1 when not told
 */
public record DecideTransactionHeader(
    String producerGroup,
    String transaction,
    int commitOrRollback,
    int halfMessages,
    boolean fromCheck,
    long id)
    implements WireHeader, OfGroup {

  public static final HeaderReader<DecideTransactionHeader> FIELDS =
      fields -> new DecideTransactionHeader(
          fields.requiredText("producerGroup"),
          fields.requiredText("transaction"),
          fields.requiredInt("commitOrRollback"),
          fields.intOr("halfMessages", 0),
          fields.booleanOr("fromTransactionCheck", false),
          fields.longOr("id", -1));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("producerGroup", producerGroup)
        .put("transaction", transaction)
        .put("commitOrRollback", commitOrRollback)
        .put("halfMessages", halfMessages)
        .put("fromTransactionCheck", fromCheck);
    if (id >= 0) {
      fields.put("id", id);
    }
  }

  @Override
  public String groupName() {
    return producerGroup;
  }
}
