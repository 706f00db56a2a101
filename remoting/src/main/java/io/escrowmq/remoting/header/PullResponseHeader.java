package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * Where the queue stands after a pull; clients need all four fields on codes 0, 19, 20 and 21.
 */
public record PullResponseHeader(
    long suggestWhichBrokerId, long nextBeginOffset, long minOffset, long maxOffset)
    implements WireHeader {

  public static final HeaderReader<PullResponseHeader> FIELDS = fields -> new PullResponseHeader(
      fields.requiredLong("suggestWhichBrokerId"),
      fields.requiredLong("nextBeginOffset"),
      fields.requiredLong("minOffset"),
      fields.requiredLong("maxOffset"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("suggestWhichBrokerId", suggestWhichBrokerId)
        .put("nextBeginOffset", nextBeginOffset)
        .put("minOffset", minOffset)
        .put("maxOffset", maxOffset);
  }
}
