package io.escrowmq.remoting;

import java.util.HashMap;
import java.util.Map;

/** Header fields in a map, for tests that need no frame. */
public final class MapFields implements Fields, FieldWriter {

  private final Map<String, String> fields = new HashMap<>();

  public static MapFields of(WireHeader header) {
    MapFields fields = new MapFields();
    header.writeTo(fields);
    return fields;
  }

  @Override
  public String text(String name) {
    return fields.get(name);
  }

  @Override
  public Map<String, String> toMap() {
    return Map.copyOf(fields);
  }

  @Override
  public FieldWriter put(String name, String value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  @Override
  public FieldWriter put(String name, long value) {
    return put(name, Long.toString(value));
  }

  @Override
  public FieldWriter put(String name, boolean value) {
    return put(name, Boolean.toString(value));
  }
}
