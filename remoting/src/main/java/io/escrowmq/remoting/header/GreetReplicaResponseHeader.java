package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * The leader's answer to GREET_REPLICA.
 *
 * @param challenge random, of 32 hexadecimal digits
 * @param proof made of both challenges and the secret
 */
public record GreetReplicaResponseHeader(String challenge, String proof) implements WireHeader {

  public static final HeaderReader<GreetReplicaResponseHeader> FIELDS =
      fields -> new GreetReplicaResponseHeader(
          fields.requiredText("challenge"), fields.requiredText("proof"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("challenge", challenge).put("proof", proof);
  }
}
