package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** CHECK_TRANSACTION_STATE: the broker asks a producer about a half-message. */
public record CheckTransactionHeader(
    long halfQueueOffset,
    long position,
    @Nullable String messageId,
    @Nullable String transactionId,
    @Nullable String offsetMessageId,
    @Nullable String topic)
    implements WireHeader {

  public static final HeaderReader<CheckTransactionHeader> FIELDS =
      fields -> new CheckTransactionHeader(
          fields.requiredLong("tranStateTableOffset"),
          fields.requiredLong("commitLogOffset"),
          fields.text("msgId"),
          fields.text("transactionId"),
          fields.text("offsetMsgId"),
          fields.text("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("tranStateTableOffset", halfQueueOffset)
        .put("commitLogOffset", position)
        .put("msgId", messageId)
        .put("transactionId", transactionId)
        .put("offsetMsgId", offsetMessageId)
        .put("topic", topic);
  }
}
