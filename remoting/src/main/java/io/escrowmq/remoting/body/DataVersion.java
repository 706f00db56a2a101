package io.escrowmq.remoting.body;

/** How new a table is; two equal versions mean two equal tables. */
public record DataVersion(long counter, long stateVersion, long timestampMillis)
    implements JsonBody {

  public static DataVersion read(byte[] body) {
    return read(JsonObject.read(body));
  }

  static DataVersion read(JsonObject json) {
    return new DataVersion(
        json.longOr("counter", 0), json.longOr("stateVersion", 0), json.longOr("timestamp", 0));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("counter", counter)
        .member("stateVersion", stateVersion)
        .member("timestamp", timestampMillis)
        .endObject();
  }
}
