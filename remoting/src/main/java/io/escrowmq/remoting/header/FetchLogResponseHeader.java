package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * The leader's answer to FETCH_LOG; its body is what lies in the log from a position on.
 *
 * @param at where the body lies: at the position that was asked for, or where the next segment begins
 * @param written what the leader's log has in all
 * @param start where the leader's log begins: it has deleted what was before
 * @param committed up to where enough replicas have it: nothing before it is ever taken back
 */
public record FetchLogResponseHeader(long at, long written, long start, long committed)
    implements WireHeader {

  public static final HeaderReader<FetchLogResponseHeader> FIELDS =
      fields -> new FetchLogResponseHeader(
          fields.requiredLong("at"),
          fields.requiredLong("written"),
          fields.requiredLong("start"),
          fields.requiredLong("committed"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("at", at).put("written", written).put("start", start).put("committed", committed);
  }
}
