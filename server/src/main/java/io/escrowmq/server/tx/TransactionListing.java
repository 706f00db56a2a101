package io.escrowmq.server.tx;

import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.server.print.Figures;
import io.escrowmq.server.print.TextTable;
import java.util.List;

/** The transactions of one or several brokers as a table, with a line of totals. One owner. */
final class TransactionListing {

  private final TextTable table =
      new TextTable("ID", "GROUP", "TOPIC", "AGE", "STATE", "CHECKS", "NEXT CHECK", "SIZE");
  private final long nowMillis;

  private long listed;
  private long transactions;
  private long suspended;
  private long halves;
  private long bytes;
  private long oldestAgeMillis;

  TransactionListing(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  /** Adds one broker's figures; once a broker, whatever the number of pages. */
  void count(TransactionList figures) {
    transactions += figures.transactions();
    suspended += figures.suspended();
    halves += figures.open();
    bytes += figures.openBytes();
    oldestAgeMillis = Math.max(oldestAgeMillis, figures.oldestAgeMillis());
  }

  /** One page as lines; the first of all has the names of the columns above it. */
  String rows(List<TransactionEntry> page) {
    if (page.isEmpty()) {
      return "";
    }
    for (TransactionEntry entry : page) {
      table.add(
          entry.messageId(),
          entry.group(),
          topic(entry.halves()),
          Figures.duration(nowMillis - entry.recordedMillis()),
          TransactionWords.state(entry.state()),
          Integer.toString(entry.checks()),
          nextCheck(entry),
          Figures.bytes(entry.halves().stream().mapToLong(Half::bytes).sum()));
    }
    listed += page.size();
    return table.take();
  }

  private static String topic(List<Half> halves) {
    if (halves.isEmpty()) {
      return "";
    }
    String first = halves.get(0).topic();
    return halves.size() == 1 ? first : first + " +" + (halves.size() - 1);
  }

  private String nextCheck(TransactionEntry entry) {
    return entry.state() == State.IN_DOUBT
        ? TransactionWords.due(entry.nextCheckMillis() - nowMillis)
        : "";
  }

  /** One line about all that is in escrow, listed or not. */
  String totals() {
    if (transactions == 0 && listed == 0) {
      return "No transaction is open.\n";
    }
    return "Listed: " + listed + " of " + transactions + " open transactions. Suspended: "
        + suspended + ". Half-messages: " + halves + ", " + Figures.bytes(bytes)
        + ". Oldest: " + Figures.duration(oldestAgeMillis) + ".\n";
  }
}
