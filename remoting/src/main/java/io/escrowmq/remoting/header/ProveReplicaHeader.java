package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * PROVE_REPLICA: the follower's answer to the leader's challenge. Until the leader accepts it, the connection
 * may ask for nothing else.
 *
 * @param proof made of both challenges and the secret
 * @param incarnation which opening of its directory the follower is; 1 for one that does not count them
 */
public record ProveReplicaHeader(String proof, long incarnation) implements WireHeader {

  public static final HeaderReader<ProveReplicaHeader> FIELDS = fields ->
      new ProveReplicaHeader(fields.requiredText("proof"), fields.longOr("incarnation", 1));

  public ProveReplicaHeader(String proof) {
    this(proof, 1);
  }

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("proof", proof).put("incarnation", incarnation);
  }
}
