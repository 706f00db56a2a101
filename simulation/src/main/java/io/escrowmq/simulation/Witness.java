package io.escrowmq.simulation;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;

/** A client that looks at single messages, by key and by id, while others send and decide them. */
final class Witness {

  private static final int MOST = 32;
  private static final long BY_ID =
      0; // what lies in the log is shown, also of a topic that is gone

  private final Cluster cluster;
  private final Ledger ledger;
  private final Wire wire;

  Witness(String name, Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.wire = new Wire(cluster, name, RequestTable.of());
  }

  void query(Entry entry, boolean byUniqueKey) {
    boolean unique = byUniqueKey && entry.queueId != Entry.ANY; // the client chose that key
    String by = unique ? "a query by unique key" : "a query by key";
    QueryMessageHeader header = new QueryMessageHeader(
        entry.topic, entry.id, MOST, 0, Long.MAX_VALUE, unique ? "U" : "K", null, unique);
    int broker = entry.likelyBroker();
    boolean mustBeThere = entry.mustBeVisible(broker);
    long asked = cluster.nanos();
    wire.ask(
        broker,
        Request.of(RequestCode.QUERY_MESSAGE, header),
        answer -> seen(
            entry,
            broker,
            by,
            mustBeThere,
            answer.code() == ResponseCode.QUERY_NOT_FOUND.number(),
            answer,
            asked));
  }

  /** By the id that its sender was told, if it was told one. */
  void view(Entry entry) {
    if (entry.position < 0) {
      return;
    }
    int broker = entry.broker;
    boolean mustBeThere = entry.mustBeVisible(broker);
    wire.ask(
        broker,
        Request.of(
            RequestCode.VIEW_MESSAGE_BY_ID, new ViewMessageHeader(entry.position, entry.topic)),
        answer -> seen(
            entry,
            broker,
            "a view by id",
            mustBeThere,
            String.valueOf(answer.remark()).startsWith("no message"),
            answer,
            BY_ID));
  }

  private void seen(
      Entry entry,
      int broker,
      String by,
      boolean mustBeThere,
      boolean isAbsent,
      Answer answer,
      long asked) {
    if (isAbsent && mustBeThere) {
      ledger.notFound(entry, broker, by);
    } else if (answer.isOk()) {
      Wire.messages(answer.body(), view -> {
        Entry shown = ledger.shown(Wire.idOf(view), broker, view.topic(), by, asked);
        if (shown != entry) {
          throw new Violation("%s finds the %s, asked for the %s".formatted(by, shown, entry));
        }
      });
    }
  }
}
