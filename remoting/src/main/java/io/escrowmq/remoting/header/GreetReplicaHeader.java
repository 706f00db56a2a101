package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/**
 * GREET_REPLICA: a follower says whose log it wants, and challenges the leader; the answer proves that the
 * leader knows the secret, and challenges the follower.
 *
 * @param brokerName of the leader
 * @param replica the follower's number
 * @param challenge random, of 32 hexadecimal digits
 */
public record GreetReplicaHeader(String brokerName, int replica, String challenge)
    implements WireHeader, OfNames {

  public static final HeaderReader<GreetReplicaHeader> FIELDS = fields -> new GreetReplicaHeader(
      fields.requiredText("brokerName"),
      fields.requiredInt("replica"),
      fields.requiredText("challenge"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("brokerName", brokerName).put("replica", replica).put("challenge", challenge);
  }

  @Override
  public void nameTo(Names names) {
    names.broker(brokerName);
  }
}
