package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * FETCH_LOG: a follower asks for what follows its own log.
 *
 * @param epoch of the leader, as it was told with the proof
 * @param from where the follower's log ends
 * @param lastEpoch in which the follower's last record was written; 0: it has none
 * @param safe up to where the follower vouches for what it has: written or synced, by its own flush mode
 * @param mostBytes the answer has at most so many
 * @param waitMillis how long the leader may wait until there is something
 */
public record FetchLogHeader(
    int epoch, long from, int lastEpoch, long safe, int mostBytes, int waitMillis)
    implements WireHeader {

  public static final HeaderReader<FetchLogHeader> FIELDS = fields -> new FetchLogHeader(
      fields.requiredInt("epoch"),
      fields.requiredLong("from"),
      fields.requiredInt("lastEpoch"),
      fields.requiredLong("safe"),
      fields.requiredInt("mostBytes"),
      fields.requiredInt("waitMillis"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("epoch", epoch)
        .put("from", from)
        .put("lastEpoch", lastEpoch)
        .put("safe", safe)
        .put("mostBytes", mostBytes)
        .put("waitMillis", waitMillis);
  }
}
