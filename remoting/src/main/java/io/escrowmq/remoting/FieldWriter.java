package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/** Where a header writes its fields; null values are left out, as the protocol wants it. */
public interface FieldWriter {

  FieldWriter put(String name, @Nullable String value);

  FieldWriter put(String name, long value);

  FieldWriter put(String name, boolean value);
}
