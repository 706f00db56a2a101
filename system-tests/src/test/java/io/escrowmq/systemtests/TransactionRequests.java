package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.TransactionAnswer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests about transactions that no unmodified client sends in this form: bare half-messages, decisions that want
 * an answer, and the operator's. Owner: the test.
 */
final class TransactionRequests {

  static final String COMMIT = "8";
  static final String ROLLBACK = "12";

  static final int DONE = 0;
  static final int TRANSACTION_NOT_OPEN = 30001;
  static final int TRANSACTION_DECIDED_OTHERWISE = 30002;
  static final int TRANSACTION_INCOMPLETE = 30003;

  private static final int END_TRANSACTION = 37;
  private static final int SEND_MESSAGE_V2 = 310;
  private static final int SEND_BATCH_MESSAGE = 320;
  private static final int DECIDE_TRANSACTION = 30001;
  private static final int LIST_TRANSACTIONS = 30002;
  private static final int SHOW_TRANSACTION = 30003;
  private static final int ORDER_TRANSACTION = 30004;
  private static final int RECHECK_TRANSACTION = 30005;
  private static final int GET_METRICS = 30006;

  private static final String PREPARED_FLAG = "4";

  private final Clients clients;

  TransactionRequests(Clients clients) {
    this.clients = clients;
  }

  /** The number by which the broker knows a half-message: the position in the id that it gave. */
  static long id(String offsetMessageId) {
    return Long.parseUnsignedLong(offsetMessageId.substring(offsetMessageId.length() - 16), 16);
  }

  static long id(TransactionAnswer sent) {
    return id(sent.half().offsetMessageId());
  }

  /** As clients report a decision, but with an answer. */
  Answer end(String group, long id, String commitOrRollback) {
    return request(
        END_TRANSACTION,
        Map.of(
            "producerGroup", group,
            "tranStateTableOffset", "0",
            "commitLogOffset", Long.toString(id),
            "commitOrRollback", commitOrRollback,
            "fromTransactionCheck", "false",
            "msgId", "irrelevant",
            "transactionId", "irrelevant"));
  }

  /** Decides the transaction of that name. */
  Answer decide(String group, String transaction, String commitOrRollback, int halfMessages) {
    return request(
        DECIDE_TRANSACTION,
        Map.of(
            "producerGroup",
            group,
            "transaction",
            transaction,
            "commitOrRollback",
            commitOrRollback,
            "halfMessages",
            Integer.toString(halfMessages)));
  }

  /** The open transactions of the group. */
  Printout list(String group) {
    return told(request(LIST_TRANSACTIONS, Map.of("group", group)));
  }

  /** How many transactions of the group are open. */
  int open(String group) {
    return list(group).members("id").size();
  }

  Printout show(long id) {
    return told(request(SHOW_TRANSACTION, Map.of("id", Long.toString(id))));
  }

  /** What the broker says of the transaction: IN_DOUBT, SUSPENDED, COMMITTED, ROLLED_BACK. */
  String state(long id) {
    return show(id).members("state").get(0);
  }

  Answer order(long id, String commitOrRollback, String who, String reason) {
    return request(
        ORDER_TRANSACTION,
        Map.of(
            "id",
            Long.toString(id),
            "commitOrRollback",
            commitOrRollback,
            "who",
            who,
            "reason",
            reason));
  }

  Answer recheck(long id, String who) {
    return request(RECHECK_TRANSACTION, Map.of("id", Long.toString(id), "who", who));
  }

  /** What the broker has counted since it was started. */
  String metric(String name) {
    Printout metrics = told(request(GET_METRICS, Map.of()));
    return metrics.members("value").get(metrics.members("name").indexOf(name));
  }

  /** Sends a half-message with these properties besides the usual ones to queue 0. */
  Answer sendHalf(String group, String topic, String body, Map<String, String> properties) {
    return send(SEND_MESSAGE_V2, group, topic, body, halfProperties(group, properties));
  }

  /** The same, and returns its number. */
  long half(String group, String topic, String body, Map<String, String> properties) {
    Answer sent = sendHalf(group, topic, body, properties);
    assertThat(sent.code()).as(sent.remark()).isEqualTo(DONE);
    return id(sent.fields().getOrDefault("msgId", ""));
  }

  /** Half-messages that arrive in one request. */
  Answer sendHalves(String group, String topic, List<String> bodies) {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < bodies.size(); i++) {
      String properties =
          propertiesText(halfProperties(group, Map.of("UNIQ_KEY", topic + "-" + i)));
      items.append(item(bodies.get(i), properties));
    }
    return send(
        SEND_BATCH_MESSAGE, group, topic, items.toString(), halfProperties(group, Map.of()));
  }

  /** messages.md section 2 of the protocol pages; one byte a character. */
  private static String item(String body, String properties) {
    ByteBuffer item = ByteBuffer.allocate(22 + body.length() + properties.length());
    item.putInt(item.capacity()).putInt(0).putInt(0).putInt(0);
    item.putInt(body.length()).put(body.getBytes(StandardCharsets.ISO_8859_1));
    item.putShort((short) properties.length())
        .put(properties.getBytes(StandardCharsets.ISO_8859_1));
    return new String(item.array(), StandardCharsets.ISO_8859_1);
  }

  private Answer send(
      int code, String group, String topic, String body, Map<String, String> properties) {
    Map<String, String> fields = new HashMap<>();
    fields.put("a", group);
    fields.put("b", topic);
    fields.put("c", "TBW102");
    fields.put("d", "4");
    fields.put("e", "0");
    fields.put("f", PREPARED_FLAG);
    fields.put("g", Long.toString(System.currentTimeMillis()));
    fields.put("h", "0");
    fields.put("i", propertiesText(properties));
    fields.put("j", "0");
    if (code == SEND_BATCH_MESSAGE) {
      fields.put("m", "true");
    }
    return clients.request(clients.brokerAddress(), code, fields, body);
  }

  private static Map<String, String> halfProperties(String group, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("TRAN_MSG", "true");
    properties.put("PGROUP", group);
    return properties;
  }

  private static String propertiesText(Map<String, String> properties) {
    StringBuilder text = new StringBuilder();
    properties.forEach(
        (name, value) -> text.append(name).append('\u0001').append(value).append('\u0002'));
    return text.toString();
  }

  private Answer request(int code, Map<String, String> fields) {
    return clients.request(clients.brokerAddress(), code, fields);
  }

  private static Printout told(Answer answer) {
    assertThat(answer.code()).as(answer.remark()).isEqualTo(DONE);
    return new Printout(answer.body());
  }
}
