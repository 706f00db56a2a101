package io.escrowmq.client.pull;

import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where a group's progress is recorded. Any thread; the offset of a queue is that of the first message
 * that is not done.
 */
public interface Offsets {

  /** What is recorded; empty when nothing is. */
  CompletionStage<OptionalLong> recorded(TopicQueue queue);

  /** Where to begin: what is recorded, or else where the group wants to begin on new queues. */
  default CompletionStage<Long> first(TopicQueue queue, QueueBounds bounds, StartFrom from) {
    return recorded(queue)
        .thenCompose(known -> known.isPresent()
            ? CompletableFuture.completedFuture(known.getAsLong())
            : bounds.of(queue, from));
  }

  /** Records without waiting for it; called every few seconds. */
  void record(Map<TopicQueue, Long> offsets);

  /** Records; ends when it is certain. */
  CompletionStage<Void> recordSafely(Map<TopicQueue, Long> offsets);
}
