package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * PROVE_REPLICA: the follower's answer to the leader's challenge. Until the leader accepts it, the connection
 * may ask for nothing else.
 *
 * @param proof made of both challenges and the secret
 */
public record ProveReplicaHeader(String proof) implements WireHeader {

  public static final HeaderReader<ProveReplicaHeader> FIELDS =
      fields -> new ProveReplicaHeader(fields.requiredText("proof"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("proof", proof);
  }
}
