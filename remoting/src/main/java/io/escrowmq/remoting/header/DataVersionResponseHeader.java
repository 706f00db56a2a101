package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * Whether the asked version differs from the registered one.
 *
 * @param occupant address of another broker that has the asker's name and id now; only our name
 *     servers say so
 */
public record DataVersionResponseHeader(
    boolean changed, @Nullable String occupant) implements WireHeader {

  public static final HeaderReader<DataVersionResponseHeader> FIELDS = fields ->
      new DataVersionResponseHeader(fields.booleanOr("changed", true), fields.text("occupant"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("changed", changed).put("occupant", occupant);
  }
}
