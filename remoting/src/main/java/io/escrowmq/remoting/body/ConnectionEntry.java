package io.escrowmq.remoting.body;

/** One client's connection. */
public record ConnectionEntry(String clientId, String clientAddress, String language, int version)
    implements JsonBody {

  static ConnectionEntry read(JsonObject json) {
    return new ConnectionEntry(
        json.textOr("clientId", ""),
        json.textOr("clientAddr", ""),
        json.textOr("language", "JAVA"),
        json.intOr("version", 0));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("clientAddr", clientAddress)
        .member("clientId", clientId)
        .member("language", language)
        .member("version", version)
        .endObject();
  }
}
