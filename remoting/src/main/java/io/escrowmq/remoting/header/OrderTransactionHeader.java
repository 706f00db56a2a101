package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * ORDER_TRANSACTION: an operator decides.
 *
 * @param id of one of the transaction's half-messages
 * @param commitOrRollback commit or rollback, of the transaction values of {@code SysFlags}
 * @param who decides; recorded with the decision
 * @param reason why; recorded with the decision
 */
public record OrderTransactionHeader(long id, int commitOrRollback, String who, String reason)
    implements WireHeader {

  public static final HeaderReader<OrderTransactionHeader> FIELDS =
      fields -> new OrderTransactionHeader(
          fields.requiredLong("id"),
          fields.requiredInt("commitOrRollback"),
          fields.requiredText("who"),
          fields.requiredText("reason"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("id", id)
        .put("commitOrRollback", commitOrRollback)
        .put("who", who)
        .put("reason", reason);
  }
}
