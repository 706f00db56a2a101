package io.escrowmq.server.tx;

import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionEntry.Verdict;
import io.escrowmq.server.print.Figures;
import io.escrowmq.server.print.TextTable;
import org.jspecify.annotations.Nullable;

/** Everything about one transaction, on one page. Pure. */
final class TransactionSheet {

  private static final int NAME_WIDTH = 13;

  private TransactionSheet() {}

  static String of(TransactionEntry entry, long nowMillis) {
    StringBuilder sheet = new StringBuilder();
    line(sheet, "id", entry.messageId());
    line(sheet, "transaction", entry.transaction());
    line(sheet, "group", entry.group());
    line(sheet, "state", TransactionWords.state(entry.state()));
    line(
        sheet,
        "recorded",
        Figures.moment(entry.recordedMillis()) + ", "
            + Figures.duration(nowMillis - entry.recordedMillis()) + " ago");
    line(sheet, "sent by", entry.client());
    line(sheet, "checks", checks(entry, nowMillis));
    Verdict decision = entry.decision();
    if (decision != null) {
      line(
          sheet,
          "decision",
          TransactionWords.verdict(decision.verdict()) + " "
              + TransactionWords.atBy(decision.millis(), decision.by(), decision.who()));
      line(sheet, "reason", decision.reason());
    }
    if (!entry.halves().isEmpty()) {
      sheet.append('\n').append(halves(entry));
    }
    return sheet.toString();
  }

  private static void line(StringBuilder sheet, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      sheet
          .append(name)
          .append(" ".repeat(NAME_WIDTH - name.length()))
          .append(value)
          .append('\n');
    }
  }

  private static String checks(TransactionEntry entry, long nowMillis) {
    return entry.state() == State.IN_DOUBT
        ? entry.checks() + ", the next " + TransactionWords.due(entry.nextCheckMillis() - nowMillis)
        : Integer.toString(entry.checks());
  }

  private static String halves(TransactionEntry entry) {
    TextTable table =
        new TextTable("HALF-MESSAGE", "TOPIC", "QUEUE", "TAGS", "KEYS", "UNIQUE KEY", "SIZE");
    for (Half half : entry.halves()) {
      table.add(
          half.messageId(),
          half.topic(),
          Integer.toString(half.queueId()),
          orNothing(half.tags()),
          orNothing(half.keys()),
          orNothing(half.uniqueKey()),
          Figures.bytes(half.bytes()));
    }
    return table.take();
  }

  private static String orNothing(@Nullable String text) {
    return text == null ? "" : text;
  }
}
