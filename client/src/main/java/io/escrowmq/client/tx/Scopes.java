package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.remoting.message.PropertyNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The scopes of one transaction, each with a row and half-messages of its own, in their order. The
 * first one is opened before the first statement. Owner: the transaction.
 */
final class Scopes implements Iterable<Scope> {

  private final Surroundings with;
  private final String transaction;
  private final Connection connection;
  private final List<Scope> all = new ArrayList<>(2); // one, if there are no savepoints
  private boolean split; // the next message may be in another transaction than the one before
  private boolean exposed; // it may be at any time

  Scopes(Surroundings with, String transaction, Connection connection) {
    this.with = with;
    this.transaction = transaction;
    this.connection = connection;
  }

  /** What comes may be undone, or committed, without what was before. */
  void split() {
    split = true;
  }

  /** Someone else may split the transaction at any time, unseen. */
  void expose() {
    exposed = true;
  }

  boolean isExposed() {
    return exposed;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether what was changed since the last row needs a row that tells what became of it. */
  boolean needAnother() {
    return split || exposed;
  }

  boolean isFirst(Scope scope) {
    return scope == all.get(0);
  }

  /**
   * Writes the next row. It comes before the first half-message, so that no check can find it missing
   * by mistake.
   *
   * @return false when the table has its name already
   */
  boolean open() throws SQLException {
    Scope scope = new Scope(all.isEmpty() ? transaction : transaction + "-" + all.size());
    all.add(scope);
    split = false;
    with.running().add(scope.name());
    return with.table().insert(connection, scope.name(), TransactionOutcome.COMMIT);
  }

  /** The half-messages of the last scope; those of the first topic go where its broker is. */
  Halves halves(String topic) {
    Scope scope = all.get(all.size() - 1);
    Halves known = scope.halves();
    if (known != null) {
      return known;
    }
    Set<String> brokers = all.size() < 2 ? Set.of() : all.get(all.size() - 2).brokers();
    Halves begun = new Halves(
        with.sender(),
        with.capabilities(),
        Map.of(PropertyNames.ESCROW_TRANSACTION, scope.name()),
        brokers.isEmpty() ? with.brokers().next(topic) : brokers);
    scope.halves(begun);
    return begun;
  }

  /** Those that no savepoint has undone. */
  List<Scope> live() {
    return all.stream().filter(scope -> !scope.isUndone()).toList();
  }

  /** Those whose rows should be in the transaction, and are not. */
  List<Scope> missing() throws SQLException {
    List<Scope> expected = live();
    Set<String> there = with.table().committed(connection, Scope.names(expected));
    return expected.stream().filter(scope -> !there.contains(scope.name())).toList();
  }

  List<String> names() {
    return Scope.names(all);
  }

  @Override
  public Iterator<Scope> iterator() {
    return all.iterator();
  }
}
