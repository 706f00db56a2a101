package io.escrowmq.remoting.body;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer tells operators about itself (GET_CONSUMER_RUNNING_INFO). Written only: brokers pass
 * it on as it is.
 *
 * @param properties how it consumes, under the names that tools look for
 * @param stacks what its process' threads are doing; null when nobody wants to know
 */
public record ConsumerState(
    Map<String, String> properties,
    List<SubscriptionEntry> subscriptions,
    Map<MessageQueue, QueueState> queues,
    @Nullable String stacks)
    implements JsonBody {

  /** Whether it is pushed to or pulls, as heartbeats say. */
  public static final String CONSUME_TYPE = "PROP_CONSUME_TYPE";

  /** "true" when queues are handled in order. */
  public static final String IN_ORDER = "PROP_CONSUMEORDERLY";

  /** How many messages are handled at a time. */
  public static final String THREADS = "PROP_THREADPOOL_CORE_SIZE";

  /** Milliseconds. */
  public static final String STARTED_AT = "PROP_CONSUMER_START_TIMESTAMP";

  /**
   * One queue.
   *
   * @param done the offset of the first message that is not done
   * @param waiting how many messages were pulled and are not done
   * @param waitingBytes what they take of memory
   * @param firstWaiting the offset of the first of them, 0 when there is none
   * @param lastWaiting the offset of the last of them, 0 when there is none
   * @param locked whether nobody else can handle the queue now
   * @param pulledMillis when it was last asked for messages, 0 for never
   * @param handledMillis when a message was last done, or the first of those that wait came where
   *     none did, 0 for never: tools warn when it is long ago and messages wait
   */
  public record QueueState(
      long done,
      int waiting,
      long waitingBytes,
      long firstWaiting,
      long lastWaiting,
      boolean locked,
      long pulledMillis,
      long handledMillis) {

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("cachedMsgCount", waiting)
          .member("cachedMsgMaxOffset", lastWaiting)
          .member("cachedMsgMinOffset", firstWaiting)
          .member("cachedMsgSizeInMiB", waitingBytes >> 20)
          .member("commitOffset", done)
          .member("lastConsumeTimestamp", handledMillis)
          .member("lastPullTimestamp", pulledMillis)
          .member("locked", locked)
          .endObject();
    }
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject();
    if (stacks != null) {
      json.member("jstack", stacks);
    }
    QueueMap.write(json, "mqTable", queues, QueueState::writeTo);
    json.texts("properties", properties)
        .objects("subscriptionSet", subscriptions, SubscriptionEntry::writeTo)
        .endObject();
  }
}
