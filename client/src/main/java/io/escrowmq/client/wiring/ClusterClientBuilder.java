package io.escrowmq.client.wiring;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.core.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ClusterClient}. One owner. */
public final class ClusterClientBuilder implements EscrowClient.Builder {

  private final ClientSurroundings around;
  private List<String> nameServers = List.of("127.0.0.1:9876");
  private Duration requestTimeout = Duration.ofSeconds(3);
  private int networkThreads = 1;
  private @Nullable String instance;

  public ClusterClientBuilder(ClientSurroundings around) {
    this.around = around;
  }

  @Override
  public EscrowClient.Builder nameServers(String addresses) {
    Objects.requireNonNull(addresses, "the name servers is null");
    List<String> given = new ArrayList<>();
    for (String address : addresses.split(";", -1)) {
      given.add(Names.address(address.strip()));
    }
    nameServers = List.copyOf(given);
    return this;
  }

  @Override
  public EscrowClient.Builder requestTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the request timeout is null");
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "the request timeout is " + timeout + ", at least 1 ms is needed");
    }
    requestTimeout = timeout;
    return this;
  }

  @Override
  public EscrowClient.Builder networkThreads(int threads) {
    networkThreads = threads;
    return this;
  }

  @Override
  public EscrowClient.Builder instance(String name) {
    Objects.requireNonNull(name, "the instance is null");
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "the instance '" + name + "' has other characters than letters, digits, '-' and '_'");
    }
    instance = name;
    return this;
  }

  @Override
  public EscrowClient build() {
    ClusterClient client =
        new ClusterClient(around, nameServers, instance, networkThreads, requestTimeout);
    client.start();
    return client;
  }
}
