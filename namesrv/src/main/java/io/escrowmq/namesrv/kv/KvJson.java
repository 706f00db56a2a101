package io.escrowmq.namesrv.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as text, {@code {"configTable":{"NAMESPACE":{"key":"value"}}}}: the shape that
 * a RocketMQ name server keeps it in, so that its file can be taken over as it is.
 */
final class KvJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String TABLE = "configTable";

  private KvJson() {}

  static byte[] write(KvTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart(TABLE);
      for (Map.Entry<String, SortedMap<String, String>> namespace :
          table.namespaces().entrySet()) {
        json.writeObjectFieldStart(namespace.getKey());
        for (Map.Entry<String, String> entry : namespace.getValue().entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /** Fails with an IOException whose message says where the text stops making sense. */
  static KvTable read(byte[] text) throws IOException {
    KvTable table = KvTable.EMPTY;
    try (JsonParser json = JSON.createParser(text)) {
      expect(json, json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        if (TABLE.equals(json.currentName())) {
          json.nextToken();
          table = readNamespaces(json, table);
        } else {
          json.nextToken();
          json.skipChildren();
        }
      }
      expect(json, json.currentToken(), JsonToken.END_OBJECT);
    }
    return table;
  }

  private static KvTable readNamespaces(JsonParser json, KvTable empty) throws IOException {
    KvTable table = empty;
    expect(json, json.currentToken(), JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String namespace = json.currentName();
      expect(json, json.nextToken(), JsonToken.START_OBJECT);
      SortedMap<String, String> values = new TreeMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        expect(json, json.nextToken(), JsonToken.VALUE_STRING);
        values.put(key, json.getText());
      }
      expect(json, json.currentToken(), JsonToken.END_OBJECT);
      table = table.with(namespace, values);
    }
    expect(json, json.currentToken(), JsonToken.END_OBJECT);
    return table;
  }

  private static void expect(JsonParser json, @Nullable JsonToken found, JsonToken wanted)
      throws IOException {
    if (found != wanted) {
      throw new IOException("expected " + wanted + " and found " + found + " in line "
          + json.currentLocation().getLineNr());
    }
  }
}
