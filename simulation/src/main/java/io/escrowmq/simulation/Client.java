package io.escrowmq.simulation;

import static io.escrowmq.remoting.Permission.CONNECT;
import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.simulation.Ledger.Entry;
import io.escrowmq.simulation.Ledger.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A producer and consumer that follows a script: it speaks the protocol as RocketMQ's clients do, and
 * reports to the ledger what it was told. A send that is not answered well is not sent again.
 */
final class Client {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final long WAIT_MILLIS = 5_000; // of a pull for messages
  private static final Duration PULL_TIMEOUT = Duration.ofSeconds(10);
  private static final int PULL_MESSAGES = 16;
  private static final String PRODUCERS = "simulated-producers";

  private record Undecided(Entry entry, long position, String messageId) {}

  private final String name;
  private final String broker;
  private final Cluster cluster;
  private final Ledger ledger;
  private final RemotingClient network;
  private final Map<String, Undecided> undecided = new HashMap<>(); // by message id

  Client(String name, String broker, Cluster cluster, Ledger ledger) {
    this.name = name;
    this.broker = broker;
    this.cluster = cluster;
    this.ledger = ledger;
    this.network = cluster.client(
        name,
        RequestTable.of(on(
            RequestCode.CHECK_TRANSACTION_STATE,
            CheckTransactionHeader.FIELDS,
            CONNECT,
            this::checked)));
  }

  /** Says that its producers are here, as clients do twice a minute. */
  void beat() {
    Heartbeat heartbeat = new Heartbeat(name, List.of(), List.of(PRODUCERS), 0, false);
    call(new Request(RequestCode.HEART_BEAT, WireHeader.NONE, heartbeat.toBody()), answer -> {});
  }

  /** Sends a message; a half-message is decided later, by report or by check. */
  void send(Kind kind, String topic, int queueId, boolean commits, int bodyBytes) {
    Entry entry = ledger.begin(kind, topic, commits);
    Map<String, String> properties = new HashMap<>();
    properties.put(PropertyNames.UNIQUE_KEY, entry.id);
    properties.put(PropertyNames.KEYS, entry.id);
    int flags = 0;
    if (kind == Kind.DELAYED) {
      properties.put(PropertyNames.DELAY, "1"); // one second
    }
    if (kind == Kind.HALF) {
      properties.put(PropertyNames.HALF, "true");
      properties.put(PropertyNames.PRODUCER_GROUP, PRODUCERS);
      flags = SysFlags.TRANSACTION_PREPARED;
    }
    SendMessageHeader header = new SendMessageHeader(
        PRODUCERS,
        topic,
        "TBW102",
        4,
        queueId,
        flags,
        cluster.millis(name),
        0,
        Properties.format(properties),
        0,
        false,
        -1,
        false);
    Request request =
        new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of(body(entry.id, bodyBytes)));
    cluster.tell(name + " sends the " + entry);
    call(request, answer -> sent(entry, answer));
  }

  private static byte[] body(String id, int bytes) {
    byte[] text = (id + " ").getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[Math.max(text.length, bytes)];
    System.arraycopy(text, 0, body, 0, text.length);
    return body;
  }

  static String idOf(ByteBuffer body) {
    return StandardCharsets.UTF_8.decode(body).toString().split(" ", 2)[0];
  }

  private void sent(Entry entry, Answer answer) {
    if (!answer.isOk()) {
      return;
    }
    SendResponseHeader said = SendResponseHeader.FIELDS.read(answer.fields());
    cluster.tell(
        "the " + entry + " is acknowledged at " + said.queueId() + "@" + said.queueOffset());
    ledger.acknowledged(entry, new Place(entry.topic, said.queueId(), said.queueOffset()));
    if (entry.kind == Kind.HALF) {
      MessageId id = Objects.requireNonNull(MessageId.parse(said.messageId()));
      undecided.put(entry.id, new Undecided(entry, id.position(), said.messageId()));
    }
  }

  /** Reports one of its undecided half-messages, if there is one; the answer may get lost. */
  void decideOne(int which) {
    if (undecided.isEmpty()) {
      return;
    }
    List<String> ids = undecided.keySet().stream().sorted().toList();
    Undecided half = Objects.requireNonNull(undecided.remove(ids.get(which % ids.size())));
    cluster.tell(name + (half.entry.commits ? " commits the " : " rolls back the ") + half.entry);
    report(half.entry, half.position, half.messageId, false);
  }

  private void checked(Call call, CheckTransactionHeader header) {
    Entry entry = ledger.find(idOf(MessageView.of(call.bodyBytes()).body()));
    cluster.tell(name + " is asked about the " + entry);
    undecided.remove(entry.id);
    report(entry, header.position(), String.valueOf(header.messageId()), true);
  }

  private void report(Entry entry, long position, String messageId, boolean fromCheck) {
    entry.mayBeVisible |= entry.commits;
    EndTransactionHeader header = new EndTransactionHeader(
        PRODUCERS,
        0,
        position,
        entry.commits ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_ROLLBACK,
        fromCheck,
        messageId,
        entry.id,
        entry.topic);
    network.notify(broker, Request.of(RequestCode.END_TRANSACTION, header));
  }

  /** Looks at a message in two other ways than by pulling. */
  void probe(String key, String topic) {
    QueryMessageHeader query =
        new QueryMessageHeader(topic, key, 32, 0, Long.MAX_VALUE, null, null, false);
    call(Request.of(RequestCode.QUERY_MESSAGE, query), answer -> {
      if (answer.isOk()) {
        messages(answer.body(), view -> ledger.shown(idOf(view.body()), "a query by key"));
      }
    });
    Undecided half = undecided.get(key);
    if (half != null) {
      Request view = Request.of(
          RequestCode.VIEW_MESSAGE_BY_ID, new ViewMessageHeader(half.position, half.entry.topic));
      call(view, answer -> {
        if (answer.isOk()) {
          messages(answer.body(), seen -> ledger.shown(idOf(seen.body()), "a view by id"));
        }
      });
    }
  }

  /** Reads a queue from an offset on, and on, and on. */
  void read(String topic, int queueId, long offset) {
    PullMessageHeader header = new PullMessageHeader(
        name,
        topic,
        queueId,
        offset,
        PULL_MESSAGES,
        PullFlags.SUSPEND | PullFlags.SUBSCRIPTION,
        0,
        WAIT_MILLIS,
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    network
        .call(broker, Request.of(RequestCode.PULL_MESSAGE, header), PULL_TIMEOUT)
        .whenComplete((answer, failure) -> cluster.guarded(() -> {
          long next = failure == null ? pulled(topic, queueId, offset, answer) : offset;
          cluster.after(
              name,
              next == offset ? Duration.ofMillis(200) : Duration.ZERO,
              () -> read(topic, queueId, next));
        }));
  }

  private long pulled(String topic, int queueId, long offset, Answer answer) {
    if (!answer.isOk()) {
      return offset;
    }
    PullResponseHeader said = PullResponseHeader.FIELDS.read(answer.fields());
    ledger.ends(topic, queueId, said.maxOffset());
    long[] next = {offset};
    messages(answer.body(), view -> {
      if (view.queueOffset() != next[0]) {
        throw new Broken("%s/%d has no message at %d: the next one is at %d"
            .formatted(topic, queueId, next[0], view.queueOffset()));
      }
      next[0]++;
      ledger.pulled(idOf(view.body()), new Place(topic, queueId, view.queueOffset()));
    });
    return next[0];
  }

  private static void messages(byte[] body, Consumer<MessageView> each) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    MessageView view = new MessageView();
    for (int at = 0; at < body.length; at += view.size()) {
      view.wrap(bytes, at);
      if (!view.isBodyIntact()) {
        throw new Broken("the body of the message at position %d is not what was sent"
            .formatted(view.position()));
      }
      each.accept(view);
    }
  }

  private void call(Request request, Consumer<Answer> whenAnswered) {
    network.call(broker, request, TIMEOUT).whenComplete((answer, failure) -> {
      if (failure == null) {
        cluster.guarded(() -> whenAnswered.accept(answer));
      }
    });
  }

  /** The process is gone. */
  void close() {
    network.close();
  }
}
