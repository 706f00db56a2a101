package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** GET_KVLIST_BY_NAMESPACE. */
public record KvNamespaceHeader(String namespace) implements WireHeader, OfNames {

  public static final HeaderReader<KvNamespaceHeader> FIELDS =
      fields -> new KvNamespaceHeader(fields.requiredText("namespace"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("namespace", namespace);
  }

  @Override
  public void nameTo(Names names) {
    names.key(namespace, null);
  }
}
