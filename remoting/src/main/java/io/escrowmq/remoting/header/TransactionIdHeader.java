package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** SHOW_TRANSACTION: the transaction that the half-message of this id belongs to. */
public record TransactionIdHeader(long id) implements WireHeader {

  public static final HeaderReader<TransactionIdHeader> FIELDS =
      fields -> new TransactionIdHeader(fields.requiredLong("id"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("id", id);
  }
}
