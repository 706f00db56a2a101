package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * Where a message went. Clients fail on a send response that carries no field at all.
 *
 * @param messageId says where the message lies ({@code MessageId}); for a batch all of them,
 *     separated by commas
 * @param queueOffset of a batch, the first one's
 * @param transactionId the message's unique key
 * @param region clients copy it into traces
 * @param traceOn whether clients are to send traces
 */
public record SendResponseHeader(
    String messageId,
    int queueId,
    long queueOffset,
    @Nullable String transactionId,
    @Nullable String batchUniqueId,
    String region,
    boolean traceOn)
    implements WireHeader {

  public static final String DEFAULT_REGION = "DefaultRegion";

  public static final HeaderReader<SendResponseHeader> FIELDS = fields -> {
    String region = fields.text("MSG_REGION");
    return new SendResponseHeader(
        fields.requiredText("msgId"),
        fields.requiredInt("queueId"),
        fields.requiredLong("queueOffset"),
        fields.text("transactionId"),
        fields.text("batchUniqId"),
        region == null ? DEFAULT_REGION : region,
        fields.booleanOr("TRACE_ON", true));
  };

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("msgId", messageId)
        .put("queueId", queueId)
        .put("queueOffset", queueOffset)
        .put("transactionId", transactionId)
        .put("batchUniqId", batchUniqueId)
        .put("MSG_REGION", region)
        .put("TRACE_ON", traceOn);
  }
}
