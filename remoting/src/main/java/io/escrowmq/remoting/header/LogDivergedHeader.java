package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * The answer LOG_DIVERGED to FETCH_LOG: the largest epoch of the leader that is not above the follower's last
 * one. Behind its end, in either log, nothing is equal.
 *
 * @param epoch in which the leader wrote; 0: none
 * @param end where the leader's records of this epoch end
 */
public record LogDivergedHeader(int epoch, long end) implements WireHeader {

  public static final HeaderReader<LogDivergedHeader> FIELDS =
      fields -> new LogDivergedHeader(fields.requiredInt("epoch"), fields.requiredLong("end"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("epoch", epoch).put("end", end);
  }
}
