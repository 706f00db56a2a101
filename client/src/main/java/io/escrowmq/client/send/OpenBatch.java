package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.ServerRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Messages of one topic and ordering key that will go together. One owner until it is sent. */
final class OpenBatch {

  private final String group;
  private final String topic;
  private final @Nullable String orderingKey;
  private final long bornMillis;
  private final BatchBody body;
  private long room;
  private final List<String> messageIds = new ArrayList<>();
  private final List<CompletableFuture<SendReceipt>> receipts = new ArrayList<>();

  OpenBatch(
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
   * @param room what the message has taken of the bytes that may be under way
   */
  CompletionStage<SendReceipt> add(Message message, String messageId, long room) {
    body.add(message, messageId);
    this.room += room;
    messageIds.add(messageId);
    CompletableFuture<SendReceipt> receipt = new CompletableFuture<>();
    receipts.add(receipt);
    return receipt;
  }

  long room() {
    return room;
  }

  int bytes() {
    return body.length();
  }

  /** Ends when every message's stage has ended; fails when one of them failed. */
  CompletionStage<Void> settled() {
    return CompletableFuture.allOf(receipts.toArray(CompletableFuture<?>[]::new));
  }

  /** One for each message; only after all were confirmed. */
  List<SendReceipt> receipts() {
    return receipts.stream().map(CompletableFuture::join).toList();
  }

  Outbound outbound() {
    return new Outbound(group, topic, orderingKey, true, 0, "", body, bornMillis);
  }

  /** Ends every message's stage as the whole ended. */
  void settle(@Nullable Placement placement, @Nullable Throwable failure) {
    if (placement == null) {
      Throwable why = failure == null ? new IllegalStateException("no answer") : failure;
      receipts.forEach(receipt -> receipt.completeExceptionally(why));
      return;
    }
    String[] locations = placement.locations().split(",", -1);
    if (locations.length != receipts.size()) {
      ServerRefusedException strange = new ServerRefusedException(
          "a batch of " + receipts.size() + " messages to " + topic + " was answered with "
              + locations.length + " ids by " + placement.broker(),
          placement.broker(),
          0,
          true);
      receipts.forEach(receipt -> receipt.completeExceptionally(strange));
      return;
    }
    for (int i = 0; i < locations.length; i++) {
      receipts.get(i).complete(placement.receipt(messageIds.get(i), i, locations[i]));
    }
  }
}
