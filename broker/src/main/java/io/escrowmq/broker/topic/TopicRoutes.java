package io.escrowmq.broker.topic;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Those who tell name servers which topics there are. Any thread. */
public interface TopicRoutes {

  /** Where no name server is told anything. */
  TopicRoutes NONE = new TopicRoutes() {
    @Override
    public void topicsChanged() {}

    @Override
    public CompletionStage<List<String>> spread(TopicVersion version) {
      return CompletableFuture.completedFuture(List.of());
    }
  };

  /** A change is safe, or may be: name servers are to be told soon. Must be quick. */
  void topicsChanged();

  /**
   * Tells the name servers the topics as they are at this version or later; completes with the addresses
   * of those that may not know.
   */
  CompletionStage<List<String>> spread(TopicVersion version);
}
