package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** GET_KV_CONFIG, DELETE_KV_CONFIG. */
public record KvKeyHeader(String namespace, String key) implements WireHeader, OfNames {

  public static final HeaderReader<KvKeyHeader> FIELDS =
      fields -> new KvKeyHeader(fields.requiredText("namespace"), fields.requiredText("key"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("namespace", namespace).put("key", key);
  }

  @Override
  public void nameTo(Names names) {
    names.key(namespace, key);
  }
}
