package io.escrowmq.client.tx;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a transaction between two moments at which the database may have split it: by a
 * savepoint, or by a commit that the client does not see. They have a name and a row of their own, so
 * whatever becomes of that row in the database becomes of them. Owner: the transaction.
 */
final class Scope {

  private final String name;
  private @Nullable Halves halves; // once there is a message
  private boolean undone; // its row went with a savepoint, on its user's order

  Scope(String name) {
    this.name = name;
  }

  /** What brokers and the outcome table call it. */
  String name() {
    return name;
  }

  @Nullable
  Halves halves() {
    return halves;
  }

  void halves(Halves begun) {
    halves = begun;
  }

  boolean hasMessages() {
    return halves != null;
  }

  boolean isUndone() {
    return undone;
  }

  void undo() {
    undone = true;
  }

  static List<String> names(List<Scope> scopes) {
    return scopes.stream().map(Scope::name).toList();
  }

  /** Names of the brokers that its messages went to; none before the first message. */
  Set<String> brokers() {
    return halves == null ? Set.of() : halves.preferred();
  }
}
