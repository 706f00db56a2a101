package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * The leader's answer to PROVE_REPLICA.
 *
 * @param epoch in which the leader writes
 * @param logSecret what the checksums of its records are made with
 */
public record ProveReplicaResponseHeader(int epoch, long logSecret) implements WireHeader {

  public static final HeaderReader<ProveReplicaResponseHeader> FIELDS = fields ->
      new ProveReplicaResponseHeader(fields.requiredInt("epoch"), fields.requiredLong("logSecret"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("epoch", epoch).put("logSecret", logSecret);
  }
}
