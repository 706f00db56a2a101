package io.escrowmq.simulation;

import static io.escrowmq.remoting.Permission.CONNECT;
import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A producer that follows a script: it speaks the protocol as RocketMQ's clients do, and reports to the
 * ledger what it was told. What it marks is sent again when it is not answered well.
 */
final class Producer {

  /** How a report is made. */
  enum Manner {
    ONE_WAY,
    ANSWERED,
    BY_NAME
  }

  private static final int TRIES = 5; // of one send
  private static final int ONE_IN = 10; // sends goes out again although it was acknowledged
  private static final int MOST_PAUSE_MILLIS = 1_000;
  private static final int ITEM_BYTES = 22; // of a batch, without body and properties

  private final String name;
  private final ProducerGroup group;
  private final Cluster cluster;
  private final Ledger ledger;
  private final Wire wire;

  Producer(String name, ProducerGroup group, Cluster cluster, Ledger ledger) {
    this.name = name;
    this.group = group;
    this.cluster = cluster;
    this.ledger = ledger;
    this.wire = new Wire(
        cluster,
        name,
        RequestTable.of(on(
            RequestCode.CHECK_TRANSACTION_STATE,
            CheckTransactionHeader.FIELDS,
            CONNECT,
            this::checked)));
  }

  /** Says that it is here, as clients do twice a minute. */
  void beat() {
    Heartbeat heartbeat = new Heartbeat(name, List.of(), List.of(group.name), 0, false);
    Request request = new Request(RequestCode.HEART_BEAT, WireHeader.NONE, heartbeat.toBody());
    cluster.brokers().forEach(broker -> wire.ask(broker.number, request, answer -> {}));
  }

  List<Entry> send(Shipment shipment) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < shipment.messages(); i++) {
      entries.add(ledger.begin(shipment));
    }
    cluster.tell("%s sends the %s%s to %s"
        .formatted(
            name,
            entries.get(0),
            entries.size() == 1 ? "" : " and " + (entries.size() - 1) + " more",
            new Queue(shipment.broker(), shipment.topic(), shipment.queueId())));
    attempt(shipment, entries, shipment.isOnce() ? TRIES : 1);
    return entries;
  }

  // What is marked is sent again when it is not answered well, and sometimes when it is.
  private void attempt(Shipment shipment, List<Entry> entries, int tries) {
    Request request = request(shipment, entries);
    wire.ask(shipment.broker(), request, Wire.TIMEOUT, (answer, failure) -> {
      if (answer != null) {
        sent(entries, answer);
      }
      if (tries > 1 && (answer == null || !answer.isOk() || cluster.draw(ONE_IN) == 0)) {
        ledger.sentAgain(entries);
        cluster.after(
            name,
            Duration.ofMillis(cluster.draw(MOST_PAUSE_MILLIS)),
            () -> attempt(shipment, entries, tries - 1));
      }
    });
  }

  private Request request(Shipment shipment, List<Entry> entries) {
    boolean isBatch = shipment.messages() > 1;
    Entry first = entries.get(0);
    String own = Properties.format(properties(shipment, first));
    SendMessageHeader header = new SendMessageHeader(
        group.name,
        shipment.topic(),
        "TBW102",
        Settings.QUEUES,
        shipment.queueId(),
        shipment.deal() == null ? 0 : SysFlags.TRANSACTION_PREPARED,
        cluster.millis(name),
        0,
        isBatch ? "" : own,
        0,
        false,
        -1,
        isBatch);
    Body body =
        isBatch ? batch(shipment, entries) : Body.of(Wire.body(first.id, shipment.bodyBytes()));
    return new Request(
        isBatch ? RequestCode.SEND_BATCH_MESSAGE : RequestCode.SEND_MESSAGE_V2, header, body);
  }

  private Map<String, String> properties(Shipment shipment, Entry entry) {
    Map<String, String> properties = new HashMap<>();
    properties.put(PropertyNames.UNIQUE_KEY, entry.id);
    properties.put(PropertyNames.KEYS, entry.id);
    if (shipment.isOnce()) {
      properties.put(PropertyNames.ESCROW_ONCE, "true");
    }
    if (shipment.delayLevel() > 0) {
      properties.put(PropertyNames.DELAY, String.valueOf(shipment.delayLevel()));
    }
    Deal deal = shipment.deal();
    if (deal != null) {
      properties.put(PropertyNames.HALF, "true");
      properties.put(PropertyNames.PRODUCER_GROUP, group.name);
      if (deal.isNamed) {
        properties.put(PropertyNames.ESCROW_TRANSACTION, deal.name);
      }
    }
    return properties;
  }

  private Body batch(Shipment shipment, List<Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      byte[] body = Wire.body(entry.id, shipment.bodyBytes());
      byte[] own = Properties.format(properties(shipment, entry)).getBytes(StandardCharsets.UTF_8);
      ByteBuffer item = ByteBuffer.allocate(ITEM_BYTES + body.length + own.length);
      item.putInt(item.capacity()).putInt(0).putInt(0).putInt(0);
      item.putInt(body.length).put(body).putShort((short) own.length).put(own);
      bytes.writeBytes(item.array());
    }
    return Body.of(bytes.toByteArray());
  }

  private void sent(List<Entry> entries, Answer answer) {
    if (!answer.isOk()) {
      cluster.tell("the " + entries.get(0) + " is refused: " + answer.remark());
      return;
    }
    SendResponseHeader said = SendResponseHeader.FIELDS.read(answer.fields());
    String[] ids = said.messageId().split(",", -1);
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      long offset = said.queueOffset() + i;
      cluster.tell("the " + entry + " is acknowledged at " + said.queueId() + "@" + offset);
      MessageId id = i < ids.length ? MessageId.parse(ids[i]) : null;
      Queue queue = new Queue(entry.broker, entry.topic, entry.queueId);
      ledger.acknowledged(entry, queue, offset, id == null ? -1 : id.position());
    }
  }

  /** Reports how a transaction of its group ended, rightly or not. */
  void report(Deal deal, boolean commit, Manner manner) {
    Entry stored = deal.stored();
    if (stored != null) {
      report(deal, commit, manner, stored.position, stored.id, false);
    }
  }

  /** Reports the end of a transaction that is none of its group's: nobody may listen. */
  void meddle(Deal deal, boolean commit) {
    Entry stored = deal.stored();
    if (stored == null) {
      return;
    }
    cluster.tell(name + " meddles with " + deal);
    EndTransactionHeader header = new EndTransactionHeader(
        group.name,
        0,
        stored.position,
        commit ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_ROLLBACK,
        false,
        "",
        stored.id,
        stored.topic);
    wire.ask(deal.broker, Request.of(RequestCode.END_TRANSACTION, header), answer -> {
      if (answer.isOk() && !deal.isEnded()) {
        throw new Violation("the broker lets %s decide %s".formatted(group.name, deal));
      }
    });
  }

  private void checked(Call call, CheckTransactionHeader header) {
    cluster.guarded(() -> {
      MessageView view = MessageView.of(call.bodyBytes());
      Entry entry = ledger.find(Wire.idOf(view), "a check");
      Deal deal = entry.deal;
      cluster.tell(name + " is asked about the " + entry);
      if (deal == null) {
        throw new Violation("the broker asks about the %s".formatted(entry));
      }
      if (!deal.group.equals(group.name)) {
        throw new Violation("%s of %s is asked about %s, which is %s's"
            .formatted(name, group.name, deal, deal.group));
      }
      boolean isFirst = "1".equals(view.property(PropertyNames.TRANSACTION_CHECK_TIMES));
      if (!group.canTell(deal) || (isFirst && cluster.tossesHeads())) {
        cluster.tell(name + " cannot tell yet");
        return;
      }
      group.met(deal);
      Manner manner =
          deal.reportTime == Deal.ReportTime.WHEN_ASKED ? Manner.ANSWERED : Manner.ONE_WAY;
      report(deal, deal.commits, manner, header.position(), entry.id, true);
    });
  }

  private void report(
      Deal deal, boolean commit, Manner manner, long position, String id, boolean fromCheck) {
    boolean isFirst = ledger.reported(deal, commit);
    cluster.tell(name
        + (commit ? " commits " : " rolls back ")
        + deal
        + (manner == Manner.ONE_WAY ? "" : " and waits for the answer"));
    int verdict = commit ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_ROLLBACK;
    if (manner == Manner.BY_NAME && deal.isNamed) {
      DecideTransactionHeader header =
          new DecideTransactionHeader(group.name, deal.name, verdict, 0, fromCheck, position);
      wire.ask(
          deal.broker,
          Request.of(RequestCode.DECIDE_TRANSACTION, header),
          answer -> answered(deal, commit, isFirst, answer));
      return;
    }
    EndTransactionHeader header = new EndTransactionHeader(
        group.name, 0, position, verdict, fromCheck, "", id, deal.entries.get(0).topic);
    Request request = Request.of(RequestCode.END_TRANSACTION, header);
    if (manner == Manner.ONE_WAY) {
      wire.tell(deal.broker, request);
    } else {
      wire.ask(deal.broker, request, answer -> answered(deal, commit, isFirst, answer));
    }
  }

  private void answered(Deal deal, boolean commit, boolean isFirst, Answer answer) {
    if (answer.isOk() || answer.code() == ResponseCode.TRANSACTION_DECIDED_OTHERWISE.number()) {
      DecisionResponseHeader said = DecisionResponseHeader.FIELDS.read(answer.fields());
      cluster.tell(deal + ": " + said.verdict() + " by " + said.decidedBy());
      boolean committed = "COMMIT".equals(said.verdict());
      if (answer.isOk() != (committed == commit)) {
        throw new Violation("the report that %s was to %s is answered with %d and %s"
            .formatted(deal, commit ? "commit" : "roll back", answer.code(), said.verdict()));
      }
      deal.ended(committed, "an answer to a report", cluster.nanos());
    } else if (answer.code() == ResponseCode.TRANSACTION_NOT_OPEN.number()) {
      ledger.unknown(deal, isFirst);
    } else {
      cluster.tell("the report on " + deal + " is refused: " + answer.remark());
    }
  }
}
