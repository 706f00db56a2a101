package io.escrowmq.remoting.body;

import io.escrowmq.remoting.Body;

/** A body that can be written as JSON. */
public interface JsonBody {

  /** Writes itself as one JSON object. */
  void writeTo(JsonWriter json);

  default byte[] toBytes() {
    JsonWriter json = new JsonWriter();
    writeTo(json);
    return json.toBytes();
  }

  default Body toBody() {
    return Body.of(toBytes());
  }
}
