package io.escrowmq.simulation;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.client.TransactionSplitException;
import java.util.ArrayList;
import java.util.List;

/**
 * What all processes of the shop do in transactions of its database, with an outcome table: a message is
 * there if its order is, and else never.
 */
final class Till {

  static final String GROUP = "shop-tills";

  /** Ends a transaction that is not to be. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused() {
      super("the customer has no money");
    }
  }

  private final Cluster cluster;
  private final Ledger ledger;
  private final ShopDatabase database;
  private final List<Order> orders = new ArrayList<>();

  Till(Cluster cluster, Ledger ledger, ShopDatabase database) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.database = database;
  }

  /** @param topics of its messages, one each */
  void transact(
      String process,
      EscrowTransactions transactions,
      boolean commits,
      List<String> topics,
      int bodyBytes) {
    Order order = new Order(orders.size(), commits, database);
    orders.add(order);
    List<Entry> entries = new ArrayList<>();
    for (String topic : topics) {
      Shipment shipment = new Shipment(Entry.ANY, topic, Entry.ANY, order, 0, 1, bodyBytes, true);
      Entry entry = ledger.begin(shipment);
      ledger.sentAgain(List.of(entry)); // by the client, when it must
      entries.add(entry);
    }
    cluster.tell(process + " begins " + order + " with the " + entries.get(0)
        + (topics.size() == 1 ? "" : " and " + (topics.size() - 1) + " more"));
    cluster.soonInShop(process, () -> transact(transactions, order, entries, bodyBytes));
  }

  private void transact(
      EscrowTransactions transactions, Order order, List<Entry> entries, int bodyBytes) {
    try {
      transactions.inTransaction((connection, messages) -> {
        ShopDatabase.add(connection, order.name);
        entries.forEach(entry -> messages.send(Shop.message(entry, bodyBytes)));
        if (!order.commits) {
          throw new Refused();
        }
        ledger.reported(order, true); // from now on it may be committed
      });
      isTold(order, true);
    } catch (OutcomeUnknownException e) {
      cluster.tell("nobody knows yet how " + order + " ended");
    } catch (TransactionSplitException e) {
      throw new Violation(order + " has one row, and was split");
    } catch (Refused | EscrowException e) {
      cluster.tell(order + ": " + e.getMessage());
      isTold(order, false);
    } catch (Exception e) {
      throw new IllegalStateException("the till fails", e);
    }
  }

  private void isTold(Order order, boolean committed) {
    cluster.guarded(() -> {
      cluster.tell(order + (committed ? " is done" : " is not done"));
      if (order.isThere() != committed) {
        throw new Violation("a till is told that %s was %s, and that is not so"
            .formatted(order, committed ? "committed" : "rolled back"));
      }
    });
  }

  /** Brokers have nothing of the tills in escrow any more: all must be as the database says. */
  void isEmpty() {
    for (Order order : orders) {
      boolean isThere = order.isThere();
      if (isThere) {
        order.entries.forEach(entry -> entry.isAcknowledged = true);
      }
      order.ended(isThere, "the shop's database", cluster.nanos());
    }
  }
}
