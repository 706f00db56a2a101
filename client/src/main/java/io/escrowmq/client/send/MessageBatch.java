package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.remoting.message.UniqueIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages of one topic and ordering key that go together. One owner until it is sent. */
final class MessageBatch {

  private final String group;
  private final String topic;
  private final @Nullable String orderingKey;
  private final long bornMillis;
  private final UniqueIds ids;
  private final BatchBody body;
  private final List<String> messageIds = new ArrayList<>();
  private long room;

  MessageBatch(
      String group,
      String topic,
      @Nullable String orderingKey,
      BatchBody body,
      long bornMillis,
      UniqueIds ids) {
    this.group = group;
    this.topic = topic;
    this.orderingKey = orderingKey;
    this.bornMillis = bornMillis;
    this.ids = ids;
    this.body = body;
  }

  /**
   * Takes one more.
   *
   * @param room what the message has taken of the bytes that may be under way
   */
  void add(Message message, long room) {
    String messageId = ids.next(bornMillis);
    body.add(message, messageId);
    this.room += room;
    messageIds.add(messageId);
  }

  int count() {
    return messageIds.size();
  }

  long room() {
    return room;
  }

  int bytes() {
    return body.length();
  }

  Outbound outbound() {
    return new Outbound(group, topic, orderingKey, Outbound.Kind.BATCH, 0, "", body, bornMillis);
  }

  /** It has ended so, and is not sent any more. */
  void sent(Placement placement) {
    if (placement.atOnce()) {
      body.recycle();
    }
  }

  /**
   * Makes one for each message, in their order, and hands it on.
   *
   * @throws ServerRefusedException before the first one, when the broker's answer is about another
   *     number of messages
   */
  void receipts(Placement placement, Consumer<SendReceipt> each) {
    String locations = placement.locations();
    int count = countOf(locations);
    if (count != messageIds.size()) {
      throw new ServerRefusedException(
          "a batch of " + messageIds.size() + " messages to " + topic + " was answered with "
              + count + " ids by " + placement.broker(),
          placement.broker(),
          0,
          true);
    }
    int at = 0;
    for (int i = 0; i < count; i++) {
      int end = endOf(locations, at);
      each.accept(placement.receipt(messageIds.get(i), i, locations.substring(at, end)));
      at = end + 1;
    }
  }

  private static int countOf(String locations) {
    int count = 1;
    for (int at = locations.indexOf(','); at >= 0; at = locations.indexOf(',', at + 1)) {
      count++;
    }
    return count;
  }

  private static int endOf(String locations, int from) {
    int end = locations.indexOf(',', from);
    return end < 0 ? locations.length() : end;
  }
}
