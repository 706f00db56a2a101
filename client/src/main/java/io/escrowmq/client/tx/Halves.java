package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.send.Placement;
import io.escrowmq.remoting.message.MessageId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The half-messages of one transaction on their way into escrow. One thread sends; stages end on the
 * network's threads.
 */
final class Halves {

  private final HalfSender sender;
  private final Capabilities capabilities;
  private final Map<String, String> properties;
  private final Set<String> preferred;
  private final List<CompletableFuture<?>> sent = new ArrayList<>();

  // guarded by this
  private final Map<String, Part> parts = new TreeMap<>(); // by address
  private @Nullable EscrowException failure; // the first

  /**
   * @param properties that every one of them carries
   * @param preferred names of the brokers that should get them
   */
  Halves(
      HalfSender sender,
      Capabilities capabilities,
      Map<String, String> properties,
      Set<String> preferred) {
    this.sender = sender;
    this.capabilities = capabilities;
    this.properties = properties;
    this.preferred = new HashSet<>(preferred);
  }

  /** Sends one; {@link #stored} tells what became of it. */
  CompletionStage<?> send(Message message, String messageId) {
    CompletableFuture<Void> done = sender
        .send(message, messageId, properties, preferred())
        .thenCompose(placed -> {
          confirmed(placed);
          return capabilities.demand(placed.broker());
        })
        .exceptionally(lost -> {
          failed(Failures.lost("sending to " + message.topic(), "?", lost));
          return null;
        })
        .toCompletableFuture();
    sent.add(done);
    return done;
  }

  /** Names of the brokers that should get the next one. */
  synchronized Set<String> preferred() {
    return Set.copyOf(preferred);
  }

  private synchronized void confirmed(Placement placed) {
    MessageId id = MessageId.parse(placed.locations());
    String name = placed.queue().brokerName();
    preferred.add(name);
    Part part = new Part(
        name,
        placed.broker(),
        1,
        id == null ? OptionalLong.empty() : OptionalLong.of(id.position()));
    parts.merge(placed.broker(), part, Part::plus);
  }

  private synchronized void failed(EscrowException why) {
    failure = failure == null ? why : failure;
    String server = why.server();
    if (server != null && why.mayHaveHappened()) {
      parts.putIfAbsent(server, new Part(server, server, 0, OptionalLong.empty()));
    }
  }

  /** Ends when all that were sent so far are confirmed, or with the first failure, when all ended. */
  CompletionStage<Void> stored() {
    return ended().thenAccept(all -> {
      synchronized (this) {
        if (failure != null) {
          throw failure;
        }
      }
    });
  }

  /** Ends, and never fails, when no send is under way any more. */
  CompletionStage<Void> ended() {
    return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
  }

  /** The first failure so far. */
  synchronized @Nullable EscrowException failure() {
    return failure;
  }

  /** What brokers have of it, also what they only may have. */
  synchronized List<Part> parts() {
    return List.copyOf(parts.values());
  }
}
