package io.escrowmq.namesrv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;

/** JSON as brokers write it, read as a stream: nothing is built for what we do not keep. */
final class JsonFields {

  /** Takes one field; the parser stands on its value, and must stand on the value's end after. */
  @FunctionalInterface
  interface Taker {
    void take(String name) throws IOException, BadBodyException;
  }

  private static final JsonFactory JSON = new JsonFactoryBuilder()
      .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES) // numbers as keys, namesrv.md 2
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(32)
          .maxNameLength(1_024)
          .maxStringLength(64 << 10)
          .build())
      .build();

  private JsonFields() {}

  /** A parser that stands on the first token. */
  static JsonParser parse(byte[] text) throws IOException {
    JsonParser json = JSON.createParser(text);
    json.nextToken();
    return json;
  }

  /** The fields of the object that the parser stands on; none when it is null or something else. */
  static void each(JsonParser json, Taker taker) throws IOException, BadBodyException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      taker.take(name);
    }
  }
}
