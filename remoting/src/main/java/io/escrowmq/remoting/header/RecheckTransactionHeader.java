package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * RECHECK_TRANSACTION: ask its producers anew, as if no check had been sent.
 *
 * @param id of one of the transaction's half-messages
 * @param who wants it
 */
public record RecheckTransactionHeader(long id, String who) implements WireHeader {

  public static final HeaderReader<RecheckTransactionHeader> FIELDS =
      fields -> new RecheckTransactionHeader(fields.requiredLong("id"), fields.requiredText("who"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("id", id).put("who", who);
  }
}
