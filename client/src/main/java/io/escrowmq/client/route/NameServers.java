package io.escrowmq.client.route;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The name servers, all of which know the same: one is asked until it fails, then the next. Any
 * thread.
 */
public final class NameServers {

  private final RemotingClient network;
  private final List<String> addresses;
  private final Duration timeout;
  private final AtomicInteger current = new AtomicInteger(); // modulo their number

  /**
   * @param addresses "host:port", at least one
   * @param timeout for the answer of one of them
   */
  public NameServers(RemotingClient network, List<String> addresses, Duration timeout) {
    this.network = network;
    this.addresses = List.copyOf(addresses);
    this.timeout = timeout;
  }

  public List<String> addresses() {
    return addresses;
  }

  /** The first answer that one of them gives; the last failure when none does. */
  CompletionStage<Answer> ask(Request request) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    ask(request, addresses.size(), result);
    return result;
  }

  private void ask(Request request, int more, CompletableFuture<Answer> result) {
    int chosen = current.get();
    String address = addresses.get(Math.floorMod(chosen, addresses.size()));
    network.call(address, request, timeout).whenComplete((answer, failure) -> {
      if (failure == null) {
        result.complete(answer);
      } else {
        current.compareAndSet(chosen, chosen + 1);
        if (more > 1) {
          ask(request, more - 1, result);
        } else {
          result.completeExceptionally(failure);
        }
      }
    });
  }

  @Override
  public String toString() {
    return String.join(";", addresses);
  }
}
