package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.ServerRefusedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A batch whose messages came one by one, with a stage for each. One owner until it is sent. */
final class OpenBatch {

  private final MessageBatch messages;
  private final List<CompletableFuture<SendReceipt>> waiting = new ArrayList<>();

  OpenBatch(MessageBatch messages) {
    this.messages = messages;
  }

  /** See {@link MessageBatch#add}. */
  CompletionStage<SendReceipt> add(Message message, long room) {
    messages.add(message, room);
    CompletableFuture<SendReceipt> receipt = new CompletableFuture<>();
    waiting.add(receipt);
    return receipt;
  }

  MessageBatch messages() {
    return messages;
  }

  /** Ends every message's stage as the whole ended. */
  void settle(@Nullable Placement placement, @Nullable Throwable failure) {
    if (placement == null) {
      fail(failure == null ? new IllegalStateException("no answer") : failure);
      return;
    }
    Iterator<CompletableFuture<SendReceipt>> next = waiting.iterator();
    try {
      messages.receipts(placement, receipt -> next.next().complete(receipt));
    } catch (ServerRefusedException strange) {
      fail(strange);
    }
  }

  private void fail(Throwable why) {
    waiting.forEach(receipt -> receipt.completeExceptionally(why));
  }
}
