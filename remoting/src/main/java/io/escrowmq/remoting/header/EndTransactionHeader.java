package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * END_TRANSACTION: a producer reports how its local transaction ended.
 *
 * @param commitOrRollback one of the transaction values of {@code SysFlags}; 0 is "not known"
 */
public record EndTransactionHeader(
    String producerGroup,
    long halfQueueOffset,
    long position,
    int commitOrRollback,
    boolean fromCheck,
    String messageId,
    @Nullable String transactionId,
    @Nullable String topic)
    implements WireHeader, OfGroup, OfNames {

  public static final HeaderReader<EndTransactionHeader> FIELDS =
      fields -> new EndTransactionHeader(
          fields.requiredText("producerGroup"),
          fields.requiredLong("tranStateTableOffset"),
          fields.requiredLong("commitLogOffset"),
          fields.requiredInt("commitOrRollback"),
          fields.booleanOr("fromTransactionCheck", false),
          fields.requiredText("msgId"),
          fields.text("transactionId"),
          fields.text("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("producerGroup", producerGroup)
        .put("tranStateTableOffset", halfQueueOffset)
        .put("commitLogOffset", position)
        .put("commitOrRollback", commitOrRollback)
        .put("fromTransactionCheck", fromCheck)
        .put("msgId", messageId)
        .put("transactionId", transactionId)
        .put("topic", topic);
  }

  @Override
  public String groupName() {
    return producerGroup;
  }

  @Override
  public void nameTo(Names names) {
    if (topic != null) {
      names.topic(topic);
    }
  }
}
