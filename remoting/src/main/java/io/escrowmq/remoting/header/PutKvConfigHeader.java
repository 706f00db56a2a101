package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** PUT_KV_CONFIG. */
public record PutKvConfigHeader(String namespace, String key, String value)
    implements WireHeader, OfNames {

  public static final HeaderReader<PutKvConfigHeader> FIELDS = fields -> new PutKvConfigHeader(
      fields.requiredText("namespace"), fields.requiredText("key"), fields.requiredText("value"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("namespace", namespace).put("key", key).put("value", value);
  }

  @Override
  public void nameTo(Names names) {
    names.key(namespace, key);
  }
}
