package io.escrowmq.remoting.body;

import java.util.List;

/** A producer group that is online (GET_PRODUCER_CONNECTION_LIST). */
public record ProducerConnections(List<ConnectionEntry> connections) implements JsonBody {

  public static ProducerConnections read(byte[] body) {
    return new ProducerConnections(
        JsonObject.read(body).objects("connectionSet", ConnectionEntry::read));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .objects("connectionSet", connections, ConnectionEntry::writeTo)
        .endObject();
  }
}
