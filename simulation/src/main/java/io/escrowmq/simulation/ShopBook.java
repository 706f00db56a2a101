package io.escrowmq.simulation;

import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of the shop have in common, and no crash takes: its database, in which transactions
 * are committed or not, how far each queue was handled in order, and what each board shows.
 */
final class ShopBook implements TransactionListener {

  static final String GROUP = "shop-transactions";

  /** What is known of a transaction in the database. */
  private static final class Row {
    final String process;
    boolean isDone; // committed or rolled back, as it was to be
    boolean isOver; // it can be committed no more

    Row(String process) {
      this.process = process;
    }
  }

  private final Cluster cluster;
  private final Ledger ledger;
  private final boolean forgives;
  private final Map<Deal, Row> rows = new LinkedHashMap<>();
  private final Map<Queue, Long> doneInOrder = new HashMap<>(); // all before
  private final Map<String, Set<Entry>> boards = new LinkedHashMap<>();
  private boolean isEmpty; // the list of the broker

  ShopBook(Cluster cluster, Ledger ledger, Conditions conditions) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.forgives = conditions.flips() || conditions.retains();
  }

  // Transactions

  Deal begin(String process, boolean commits, Deal.ReportTime reportTime) {
    Deal deal = new Deal(GROUP + "-" + rows.size(), GROUP, Entry.ANY, commits, false, reportTime);
    rows.put(deal, new Row(process));
    isEmpty = false;
    return deal;
  }

  /** Its sender has given up before it was done. */
  void isOver(Deal deal) {
    row(deal).isOver = true;
  }

  /** A process is gone: what it has not done it will not do. */
  void closed(String process) {
    for (Row row : rows.values()) {
      row.isOver |= row.process.equals(process);
    }
  }

  private Row row(Deal deal) {
    Row row = rows.get(deal);
    if (row == null) {
      throw new Violation("the shop is asked about %s, which is none of its own".formatted(deal));
    }
    return row;
  }

  @Override
  public TransactionOutcome execute(Message message, String messageId, @Nullable Object argument) {
    Entry entry = argument instanceof Entry known ? known : ledger.find("null", "a listener");
    Deal deal = dealOf(entry);
    if (row(deal).isOver) {
      throw new PowerOff(); // its process has crashed
    }
    row(deal).isDone = true;
    entry.isAcknowledged = true;
    cluster.tell("the shop " + (deal.commits ? "commits " : "rolls back ") + deal);
    return deal.reportTime == Deal.ReportTime.SOON ? outcome(deal) : TransactionOutcome.UNKNOWN;
  }

  @Override
  public TransactionOutcome check(HalfMessage half) {
    String id = new String(half.body(), StandardCharsets.UTF_8).split(" ", 2)[0];
    TransactionOutcome[] told = {TransactionOutcome.UNKNOWN};
    cluster.guarded(() -> {
      Deal deal = dealOf(ledger.find(id, "a check"));
      Row row = row(deal);
      if (row.isDone) {
        told[0] = outcome(deal);
      } else if (row.isOver) {
        ledger.reported(deal, false);
        told[0] = TransactionOutcome.ROLLBACK;
      }
      cluster.tell("the shop is asked about " + deal + ": " + told[0]);
    });
    return told[0];
  }

  private static Deal dealOf(Entry entry) {
    Deal deal = entry.deal;
    if (deal == null) {
      throw new Violation("the shop is asked about the " + entry);
    }
    return deal;
  }

  private TransactionOutcome outcome(Deal deal) {
    ledger.reported(deal, deal.commits);
    return deal.commits ? TransactionOutcome.COMMIT : TransactionOutcome.ROLLBACK;
  }

  /** The broker has nothing of the shop in escrow any more: all must be as the database says. */
  void isEmpty() {
    isEmpty = true;
    rows.forEach((deal, row) -> {
      if (row.isDone) {
        deal.ended(deal.commits, "the shop's database", cluster.nanos());
      }
    });
  }

  // Handling

  void opens(String process) {
    boards.put(process, new HashSet<>());
  }

  /** Where the board of a process keeps its offsets. */
  Path file(String process) {
    return Path.of(process, "offsets");
  }

  /** A message is to be handled in order: all before it is done. */
  void comesInOrder(Queue queue, long offset) {
    long next = doneInOrder.getOrDefault(queue, 0L);
    if (offset > next && !forgives) {
      throw new Violation(
          "%s: %d is to be handled in order, and %d is not done".formatted(queue, offset, next));
    }
  }

  void isDoneInOrder(Queue queue, long offset) {
    doneInOrder.merge(queue, offset + 1, Math::max);
  }

  void isOnBoard(String process, Entry entry) {
    boards.getOrDefault(process, Set.of()).add(entry);
  }

  /** What the shop still waits for; null when there is nothing. */
  @Nullable
  String missing() {
    if (!isEmpty) {
      return "the broker has transactions of the shop in escrow";
    }
    if (forgives) {
      return null;
    }
    for (Entry entry : ledger.entries()) {
      Place place = entry.place;
      if (!entry.topic.equals(Shop.TOPIC) || place == null || !entry.mustBecomeVisible()) {
        continue;
      }
      for (String process : new TreeSet<>(boards.keySet())) {
        if (!boards.getOrDefault(process, Set.of()).contains(entry)) {
          return "the board of %s does not show the %s".formatted(process, entry);
        }
      }
      Queue queue = place.queue();
      if (doneInOrder.getOrDefault(queue, 0L) <= place.queueOffset()) {
        return "the shop has not handled the %s in order".formatted(entry);
      }
    }
    return null;
  }
}
