package io.escrowmq.remoting.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some entries of a queue's index (QUERY_CONSUME_QUEUE). */
public record ConsumeQueueEntries(
    long minIndex,
    long maxIndex,
    List<Entry> entries,
    @Nullable SubscriptionEntry subscription) implements JsonBody {

  /** Where a message lies, how long it is, and its tag's code. */
  public record Entry(long position, int size, long tagCode) {

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("eval", false)
          .member("physicOffset", position)
          .member("physicSize", size)
          .member("tagsCode", tagCode)
          .endObject();
    }
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("maxQueueIndex", maxIndex)
        .member("minQueueIndex", minIndex)
        .objects("queueData", entries, Entry::writeTo);
    if (subscription != null) {
      json.name("subscriptionData");
      subscription.writeTo(json);
    }
    json.endObject();
  }
}
