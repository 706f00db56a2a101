package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.WireHeader;
import java.util.HashMap;
import java.util.Map;

/** Fields that are passed on as they came, for requests that a broker hands to a client. */
public record ForwardedHeader(Map<String, String> fields) implements WireHeader {

  public ForwardedHeader {
    fields = Map.copyOf(fields);
  }

  public static ForwardedHeader of(Fields fields) {
    return new ForwardedHeader(fields.toMap());
  }

  /** The same with one field set, in place of the one it may have had. */
  public ForwardedHeader with(String name, String value) {
    Map<String, String> more = new HashMap<>(fields);
    more.put(name, value);
    return new ForwardedHeader(more);
  }

  @Override
  public void writeTo(FieldWriter writer) {
    fields.forEach(writer::put);
  }
}
