package io.escrowmq.broker.tx;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.OldSegments;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.send.ResendRule;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.send.Sends;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Half-messages from the request to the queue, on a simulated disk and a clock by hand. */
final class TestTransactions implements AutoCloseable {

  static final String GROUP = "orders-service";
  static final String TOPIC = "orders";

  final TestLog broker;
  final ClientRegistry clients;
  final MetricRegistry metrics;
  final TransactionFeature requests;
  final RequestTable table;
  final OldSegments oldSegments;
  private final SendHandler send;

  TestTransactions() {
    this(ExhaustionPolicy.SUSPEND);
  }

  TestTransactions(ExhaustionPolicy exhausted) {
    broker = new TestLog(exhausted);
    clients = broker.state.clients();
    metrics = broker.state.metrics();
    requests = broker.state.transactionFeature();
    requests.duties().forEach(broker.loop::add);
    clients.events().add(requests.returning());
    table = requests.requests();
    send = new SendHandler(
        new Sends(
            new SendSettings(TestLog.STORE_HOST, 64 * 1024, Deduplication.DEFAULT),
            broker.topics,
            (group, times, most) -> ResendRule.Way.RETRY,
            broker.forge,
            new Sends.Doors(broker.intake, requests.intake()),
            broker.recentSends,
            new Traffic(),
            broker.clock.surroundings()),
        TestLog.STORE_HOST);
    oldSegments =
        new EscrowRenewal(broker.log, List.of(broker.transactions.inEscrow(), broker.delayed));
    broker.createTopic(TOPIC, 4);
  }

  /** A producer of the group, connected from this port and known by its client id. */
  FakeConnection producer(String group, String clientId, int port) {
    return producer(group, clientId, new FakeConnection(port));
  }

  /** The same, on a connection that was there before. */
  FakeConnection producer(String group, String clientId, FakeConnection connection) {
    clients.registerProducer(group, TestMembers.of(clientId, connection, broker.clock.millis()));
    connection.onClose(() -> clients.closed(connection));
    broker.settle();
    return connection;
  }

  /** Sends a half-message with these properties (name, value, name, value ...). */
  FakeCall sendHalf(FakeConnection from, String topic, int queueId, String body, String... more) {
    FakeCall call = offerHalf(from, topic, queueId, body, more);
    broker.settle();
    return call;
  }

  /** The same, left waiting for the next turn of the log. */
  FakeCall offerHalf(FakeConnection from, String topic, int queueId, String body, String... more) {
    String properties = "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP;
    for (int i = 0; i < more.length; i += 2) {
      properties = Properties.with(properties, more[i], more[i + 1]);
    }
    SendMessageHeader header =
        header(topic, queueId, SysFlags.TRANSACTION_PREPARED, properties, false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2, from).with(header).withBody(body);
    send.accept(call, header, Rights.ALL);
    return call;
  }

  /** Sends a message that is in no transaction. */
  FakeCall sendPlain(String topic, int queueId, String body, String... more) {
    String properties = "";
    for (int i = 0; i < more.length; i += 2) {
      properties = Properties.with(properties, more[i], more[i + 1]);
    }
    SendMessageHeader header = header(topic, queueId, SysFlags.TRANSACTION_NONE, properties, false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2).with(header).withBody(body);
    send.accept(call, header, Rights.ALL);
    broker.settle();
    return call;
  }

  /** Sends with all of these properties, as the protocol's own clients do. */
  FakeCall sendAs(String topic, int queueId, String body, Map<String, String> properties) {
    SendMessageHeader header =
        header(topic, queueId, sysFlag(properties), Properties.format(properties), false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2, new FakeConnection(50_000))
        .with(header)
        .withBody(body);
    send.accept(call, header, Rights.ALL);
    broker.settle();
    return call;
  }

  /** The same in a batch; the request's flag follows the first. */
  FakeCall sendBatchAs(String topic, int queueId, List<Map<String, String>> messages) {
    ByteArrayOutputStream items = new ByteArrayOutputStream();
    for (Map<String, String> properties : messages) {
      byte[] own = Properties.format(properties).getBytes(StandardCharsets.UTF_8);
      ByteBuffer item = ByteBuffer.allocate(22 + own.length);
      item.putInt(item.capacity()).putInt(0).putInt(0).putInt(0).putInt(0);
      items.writeBytes(item.putShort((short) own.length).put(own).array());
    }
    SendMessageHeader header = header(topic, queueId, sysFlag(messages.get(0)), "", true);
    FakeCall call = new FakeCall(RequestCode.SEND_BATCH_MESSAGE, new FakeConnection(50_000))
        .with(header)
        .withBody(items.toByteArray());
    send.acceptBatch(call, header, Rights.ALL);
    broker.settle();
    return call;
  }

  // The protocol's own clients say it by the flag whenever the property is there.
  private static int sysFlag(Map<String, String> properties) {
    return "true".equals(properties.get(PropertyNames.HALF))
        ? SysFlags.TRANSACTION_PREPARED
        : SysFlags.TRANSACTION_NONE;
  }

  private SendMessageHeader header(
      String topic, int queueId, int sysFlag, String properties, boolean isBatch) {
    return new SendMessageHeader(
        GROUP,
        topic,
        "TBW102",
        4,
        queueId,
        sysFlag,
        broker.clock.millis(),
        0,
        properties,
        0,
        false,
        -1,
        isBatch);
  }

  /** Sends a half-message; answers its id. */
  long half(String body, String... properties) {
    return sendHalf(new FakeConnection(50_000), TOPIC, 1, body, properties).sentPosition();
  }

  /** Sends one batch of half-messages; answers the call. */
  FakeCall sendBatch(byte[] body) {
    SendMessageHeader header = header(TOPIC, 1, SysFlags.TRANSACTION_PREPARED, "", true);
    FakeCall call = new FakeCall(RequestCode.SEND_BATCH_MESSAGE).with(header).withBody(body);
    send.acceptBatch(call, header, Rights.ALL);
    broker.settle();
    return call;
  }

  /** Reports two-way. */
  FakeCall end(long id, int commitOrRollback) {
    return end(id, commitOrRollback, GROUP, false);
  }

  /** The same, left waiting for the next turn of the log. */
  FakeCall offerEnd(long id, int commitOrRollback) {
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with(
            new EndTransactionHeader(GROUP, 0, id, commitOrRollback, false, "unique", null, null));
    table.dispatch(call);
    return call;
  }

  FakeCall end(long id, int commitOrRollback, String group, boolean fromCheck) {
    return ask(
        RequestCode.END_TRANSACTION,
        new EndTransactionHeader(group, 0, id, commitOrRollback, fromCheck, "unique", null, null));
  }

  /** An operator decides. */
  FakeCall order(long id, int commitOrRollback) {
    return ask(
        RequestCode.ORDER_TRANSACTION,
        new OrderTransactionHeader(id, commitOrRollback, "ann", "order 17 was paid"));
  }

  /** Reports as the protocol's own clients do. */
  FakeCall endOneWay(long id, int commitOrRollback) {
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(GROUP, 0, id, commitOrRollback, false, "unique", null, null))
        .asOneWay();
    dispatch(call);
    return call;
  }

  FakeCall ask(RequestCode code, WireHeader header) {
    FakeCall call = new FakeCall(code).with(header);
    dispatch(call);
    return call;
  }

  void dispatch(FakeCall call) {
    table.dispatch(call);
    broker.settle();
    giveSlowAnswers();
  }

  void giveSlowAnswers() {
    while (requests.answers().turn() > 0) {
      // each turn is bounded
    }
  }

  /** Lets time pass, with everything that is due in it. */
  void advance(long millis) {
    long until = broker.clock.millis() + millis;
    for (long next = broker.loop.nextMillis();
        next <= until;
        next = Math.max(next + 1, broker.loop.nextMillis())) {
      broker.clock.advance(Math.max(0, next - broker.clock.millis()));
      broker.settle();
      sendChecks();
    }
    broker.clock.advance(until - broker.clock.millis());
    broker.settle();
    sendChecks();
  }

  void sendChecks() {
    while (requests.checks().turn() > 0) {
      // each turn is bounded
    }
  }

  /** What consumers of the queue can read, as they would get it. */
  List<MessageView> visible(String topic, int queueId) {
    List<MessageView> found = new ArrayList<>();
    ConsumeQueue queue = broker.queues.find(topic, queueId);
    if (queue == null) {
      return found;
    }
    QueueEntries entries = new QueueEntries(1);
    try (LogReader reader = broker.log.newReader()) {
      for (long offset = queue.minOffset(); offset < queue.maxOffset(); offset++) {
        queue.read(offset, entries);
        LogRecord record = reader.read(entries.position(0), entries.recordLength(0));
        int at = StoredMessages.messageAt(record);
        ByteBuffer payload = record.payload();
        ByteBuffer copy = ByteBuffer.allocate(payload.limit() - at);
        StoredMessages.copy(
            record.kind(),
            payload.slice(at, payload.limit() - at),
            copy,
            entries.position(0),
            offset,
            entries.storeTimeMillis(0));
        found.add(MessageView.of(copy.flip()));
      }
    }
    return found;
  }

  long metric(String name) {
    return metrics.read().metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .mapToLong(MetricsTable.Metric::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  @Override
  public void close() {
    broker.close();
  }

  /** What a producer was asked about. */
  static List<String> bodies(FakeConnection producer) {
    return producer.notified().stream()
        .map(TestTransactions::message)
        .map(HalfMessagesTest::text)
        .toList();
  }

  /** The half-message that comes with a check. */
  static MessageView message(Request check) {
    Body body = check.body();
    ByteBuffer bytes = ByteBuffer.allocate(body.length());
    body.writeTo(bytes);
    return MessageView.of(bytes.flip());
  }
}
