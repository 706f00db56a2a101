package io.escrowmq.namesrv.kv;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.JsonObject;
import io.escrowmq.remoting.body.JsonWriter;
import java.util.TreeMap;

/**
 * The configuration as text, {@code {"configTable":{"NAMESPACE":{"key":"value"}}}}: the shape that
 * a RocketMQ name server keeps it in, so that its file can be taken over as it is.
 */
final class KvJson {

  private static final String TABLE = "configTable";

  private KvJson() {}

  static byte[] write(KvNamespaces namespaces) {
    return new JsonWriter()
        .beginObject()
        .object(TABLE, table -> namespaces.namespaces().forEach(table::texts))
        .endObject()
        .toBytes();
  }

  /** Fails with {@link BadBodyException}, whose message says where the text makes no sense. */
  static KvNamespaces read(byte[] text) {
    JsonObject table = JsonObject.read(text).object(TABLE);
    KvNamespaces namespaces = KvNamespaces.EMPTY;
    for (String name : table.names()) {
      namespaces = namespaces.with(name, new TreeMap<>(table.object(name).textsByName()));
    }
    return namespaces;
  }
}
