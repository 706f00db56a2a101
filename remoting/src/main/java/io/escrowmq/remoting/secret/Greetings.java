package io.escrowmq.remoting.secret;

import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.secret.ReplicaSecret.Challenges;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The side that listens: which connections have proven that they know the secret. One connection is one event loop's;
 * any number of them at once.
 */
public final class Greetings {

  /** What a connection has said so far; its challenges are good for one proof. */
  private record Greeting(Challenges challenges, boolean isSpent, boolean isProven) {}

  private final ReplicaSecret secret;
  private final Chance chance;
  private final Side server;
  private final Side caller;
  private final Map<Connection, Greeting> greetings =
      new ConcurrentHashMap<>(); // of open connections

  public Greetings(ReplicaSecret secret, Chance chance, Side server, Side caller) {
    this.secret = secret;
    this.chance = chance;
    this.server = server;
    this.caller = caller;
  }

  /** Proves what this side knows, and challenges the other; null when its challenge is none. */
  public @Nullable GreetReplicaResponseHeader greet(
      Connection connection, GreetReplicaHeader greeting) {
    if (!Challenge.isOne(greeting.challenge())) {
      return null;
    }
    Challenges challenges = new Challenges(
        greeting.brokerName(), greeting.replica(), greeting.challenge(), Challenge.next(chance));
    if (greetings.put(connection, new Greeting(challenges, false, false)) == null) {
      connection.onClose(() -> greetings.remove(connection));
    }
    return new GreetReplicaResponseHeader(challenges.ofServer(), secret.proof(server, challenges));
  }

  /** Whether the other side has answered the challenge of this connection. */
  public boolean prove(Connection connection, ProveReplicaHeader proof) {
    Greeting greeting = greetings.get(connection);
    boolean isProven = greeting != null
        && !greeting.isSpent()
        && secret.isProof(proof.proof(), caller, greeting.challenges());
    if (greeting != null) {
      greetings.replace(connection, new Greeting(greeting.challenges(), true, isProven));
    }
    return isProven;
  }

  public boolean isProven(Connection connection) {
    Greeting greeting = greetings.get(connection);
    return greeting != null && greeting.isProven();
  }

  /** Which replica it says it is; 0 before it has proven anything. */
  public int replica(Connection connection) {
    Greeting greeting = greetings.get(connection);
    return greeting != null && greeting.isProven() ? greeting.challenges().replica() : 0;
  }

  /** Which broker's replica it says it is; null before it has proven anything. */
  public @Nullable String group(Connection connection) {
    Greeting greeting = greetings.get(connection);
    return greeting != null && greeting.isProven() ? greeting.challenges().group() : null;
  }
}
