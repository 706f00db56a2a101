package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.ServerRefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of one topic and ordering key that go together. One owner until it is sent. */
final class MessageBatch {

  private final String group;
  private final String topic;
  private final @Nullable String orderingKey;
  private final long bornMillis;
  private final BatchBody body;
  private final List<String> messageIds = new ArrayList<>();
  private long room;

  MessageBatch(
      String group,
      String topic,
      @Nullable String orderingKey,
      int expectedBytes,
      long bornMillis) {
    this.group = group;
    this.topic = topic;
    this.orderingKey = orderingKey;
    this.bornMillis = bornMillis;
    this.body = new BatchBody(expectedBytes);
  }

  /**
   * Takes one more.
   *
   * @param room what the message has taken of the bytes that may be under way
   */
  void add(Message message, String messageId, long room) {
    body.add(message, messageId);
    this.room += room;
    messageIds.add(messageId);
  }

  long room() {
    return room;
  }

  int bytes() {
    return body.length();
  }

  Outbound outbound() {
    return new Outbound(group, topic, orderingKey, true, 0, "", body, bornMillis);
  }

  /**
   * One for each message.
   *
   * @throws ServerRefusedException when the broker's answer is about another number of messages
   */
  List<SendReceipt> receipts(Placement placement) {
    String[] locations = placement.locations().split(",", -1);
    if (locations.length != messageIds.size()) {
      throw new ServerRefusedException(
          "a batch of " + messageIds.size() + " messages to " + topic + " was answered with "
              + locations.length + " ids by " + placement.broker(),
          placement.broker(),
          0,
          true);
    }
    List<SendReceipt> receipts = new ArrayList<>(locations.length);
    for (int i = 0; i < locations.length; i++) {
      receipts.add(placement.receipt(messageIds.get(i), i, locations[i]));
    }
    return receipts;
  }
}
