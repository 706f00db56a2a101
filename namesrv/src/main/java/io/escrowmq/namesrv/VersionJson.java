package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import io.escrowmq.namesrv.route.DataVersion;
import java.io.IOException;

/** A data version as JSON (namesrv.md 5). */
final class VersionJson {

  private static final class Reader {
    private long stateVersion;
    private long timestamp;
    private long counter;

    private void take(JsonParser json, String name) throws IOException {
      switch (name) {
        case "stateVersion" -> stateVersion = json.getLongValue();
        case "timestamp" -> timestamp = json.getLongValue();
        case "counter" -> counter = json.getLongValue();
        default -> json.skipChildren();
      }
    }
  }

  private VersionJson() {}

  static DataVersion read(byte[] text) throws BadBodyException {
    try (JsonParser json = JsonFields.parse(text)) {
      return read(json);
    } catch (IOException e) {
      throw new BadBodyException("the data version cannot be read");
    }
  }

  static DataVersion read(JsonParser json) throws IOException, BadBodyException {
    Reader reader = new Reader();
    JsonFields.each(json, name -> reader.take(json, name));
    return new DataVersion(reader.stateVersion, reader.timestamp, reader.counter);
  }

  static byte[] write(DataVersion version) {
    return ("{\"counter\":" + version.counter() + ",\"stateVersion\":" + version.stateVersion()
            + ",\"timestamp\":" + version.timestamp() + "}")
        .getBytes(UTF_8);
  }
}
