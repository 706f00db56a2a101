package io.escrowmq.remoting.body;

import java.util.List;

/** The queues that the asking client holds now. */
public record LockedQueues(List<MessageQueue> queues) implements JsonBody {

  public static LockedQueues read(byte[] body) {
    return new LockedQueues(JsonObject.read(body).objects("lockOKMQSet", MessageQueue::read));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().objects("lockOKMQSet", queues, MessageQueue::writeTo).endObject();
  }
}
