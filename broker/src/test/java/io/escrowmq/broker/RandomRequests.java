package io.escrowmq.broker;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.MessageId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests of every kind that make sense mostly, with fields and bodies at and beyond their bounds. */
final class RandomRequests {

  private static final int LONGEST_PROPERTIES = 32_767;

  /** What changes most, so it comes most. */
  private static final List<RequestCode> OFTEN = List.of(
      RequestCode.SEND_MESSAGE,
      RequestCode.SEND_MESSAGE_V2,
      RequestCode.SEND_BATCH_MESSAGE,
      RequestCode.SEND_REPLY_MESSAGE_V2,
      RequestCode.CONSUMER_SEND_MSG_BACK,
      RequestCode.END_TRANSACTION,
      RequestCode.DECIDE_TRANSACTION,
      RequestCode.ORDER_TRANSACTION,
      RequestCode.RECHECK_TRANSACTION,
      RequestCode.UPDATE_CONSUMER_OFFSET,
      RequestCode.PULL_MESSAGE,
      RequestCode.HEART_BEAT,
      RequestCode.UPDATE_AND_CREATE_TOPIC,
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
      RequestCode.INVOKE_BROKER_TO_RESET_OFFSET);

  /** Of all headers, the long ones and the short ones. */
  private static final List<String> FIELDS = List.of(
      ("a acceptStandardJsonOnly addTopicCount after attributes b batch beginTimestamp bornHost"
              + " bornTimestamp c cleanOffset clientAddr clientID clientId clusterName"
              + " commitLogOffset commitOffset commitOrRollback compareGroup consumerGroup count d"
              + " decidedBy defaultTopic defaultTopicQueueNums delayLevel destGroup e endTimestamp"
              + " expressionType f filterGroups flag fromTransactionCheck g group groupName groupSeq"
              + " h halfMessages i id index indexType isForce isOrder j jstackEnable k key l lastKey"
              + " m maxGroupNum maxMsgBytes maxMsgNums maxNum maxReconsumeTimes maxTopicNum most"
              + " msgId offline offset olderThanMillis order originMsgId originTopic perm"
              + " producerGroup properties queueId queueOffset readQueueNums readable reason"
              + " reconsumeTimes setZeroIfNotFound srcGroup statsKey statsName storeTimestamp"
              + " subVersion subscription suspendTimeoutMillis suspended sysFlag timestamp topic"
              + " topicFilterType topicSeq topicSysFlag tranStateTableOffset transaction"
              + " transactionId unitMode value verdict version who writeQueueNums")
          .split(" "));

  private static final List<String> TOPICS =
      List.of("wild-0", "wild-0", "wild-1", "wild-1", "wild-2", "wild-2", "%RETRY%wild-0");
  private static final List<String> GROUPS = List.of("wild-0", "wild-1", "wild-2");

  private static final List<String> PROPERTIES = List.of(
      "KEYS",
      "TAGS",
      "DELAY",
      "TRAN_MSG",
      "PGROUP",
      "ESCROW_TX",
      "ESCROW_XA",
      "ESCROW_ONCE",
      "UNIQ_KEY",
      "CHECK_IMMUNITY_TIME_IN_SECONDS",
      "TIMER_DELAY_SEC",
      "TIMER_DELAY_MS",
      "TIMER_DELIVER_MS",
      "RETRY_TOPIC",
      "MAX_RECONSUME_TIMES",
      "CORRELATION_ID",
      "REPLY_TO_CLIENT",
      "INNER_NUM");

  private static final List<String> BODIES = List.of(
      """
      {"clientID":"wild","heartbeatFingerprint":0,"withoutSub":false,
       "producerDataSet":[{"groupName":"#G"}],
       "consumerDataSet":[{"groupName":"#G","consumeType":"CONSUME_PASSIVELY",
         "messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET",
         "unitMode":false,"subscriptionDataSet":[{"topic":"#T","subString":"#X",
         "tagsSet":["#X"],"codeSet":[#N],"subVersion":#N,"expressionType":"TAG"}]}]}""",
      """
      {"groupName":"#G","consumeEnable":true,"retryQueueNums":#N,"retryMaxTimes":#N,"brokerId":#N,
       "groupSysFlag":#N,"attributes":{"+#X":"#X","-#X":""},
       "groupRetryPolicy":{"type":"CUSTOMIZED","customizedRetryPolicy":{"next":[#N,#N]}}}""",
      """
      {"groupConfigList":[{"groupName":"#G","retryMaxTimes":#N},{"groupName":"#X"}]}""",
      """
      {"topicConfigList":[{"topicName":"#T","readQueueNums":#N,"writeQueueNums":#N,"perm":6,
       "attributes":{"+message.type":"#X"}},{"topicName":"#X"}]}""",
      """
      {"clientId":"wild","consumerGroup":"#G","onlyThisBroker":true,
       "mqSet":[{"topic":"#T","brokerName":"broker-a","queueId":#N}]}""",
      """
      {"offsetTable":[{"brokerName":"broker-a","topic":"#T","queueId":#N,"offset":#N}]}""",
      "brokerPermission=#N\nfileReservedTime=#N\n#X=#X\n",
      "{[\u0000");

  private final Random random;
  private final int diceSides; // one of so many fields is beyond its bounds, and two are missing
  private final List<Long> positions = new ArrayList<>();

  RandomRequests(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.diceSides = seed % 2 == 0 ? 200 : 50;
    positions.add(0L);
  }

  /** Requests to come may speak of a message that lies there. */
  void stored(String messageIds) {
    MessageId id = MessageId.parse(messageIds.split(",", 2)[0]);
    if (id != null) {
      positions.add(id.position());
    }
  }

  /** How many places of messages it knows. */
  int known() {
    return positions.size();
  }

  Request next() {
    RequestCode[] all = RequestCode.values();
    RequestCode code = random.nextInt(3) > 0 ? pick(OFTEN) : all[random.nextInt(all.length)];
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : FIELDS) {
      int dice = random.nextInt(diceSides);
      if (dice > 1) {
        fields.put(name, dice == 2 ? extreme() : plausible(name));
      }
    }
    WireHeader header = out -> fields.forEach(out::put);
    return new Request(code, header, Body.of(body(code)));
  }

  private String plausible(String name) {
    return switch (name) {
      case "topic", "b", "originTopic", "statsKey" -> pick(TOPICS);
      case "group",
          "a",
          "consumerGroup",
          "producerGroup",
          "groupName",
          "srcGroup",
          "destGroup",
          "compareGroup" -> pick(GROUPS);
      case "c", "defaultTopic" -> "TBW102";
      case "properties", "i" -> properties();
      case "sysFlag", "f" -> pick(List.of("0", "0", "4", "4", "8", "12", "1"));
      case "commitOrRollback" -> pick(List.of("0", "8", "12"));
      case "verdict" -> pick(List.of("COMMIT", "ROLLBACK"));
      case "offset", "commitLogOffset", "id", "tranStateTableOffset" ->
        Long.toString(pick(latest()));
      case "msgId", "originMsgId", "key" ->
        MessageId.of(
            MessageId.prefix(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
            pick(latest()));
      case "transaction", "transactionId", "lastKey" -> "wild-" + random.nextInt(5);
      case "maxReconsumeTimes", "l" -> pick(List.of("-1", "0", "16"));
      case "suspendTimeoutMillis", "maxMsgBytes" -> pick(List.of("0", "1000", "100000"));
      case "topicFilterType" -> "SINGLE_TAG";
      case "statsName" -> "TOPIC_PUT_NUMS";
      case "subscription" -> "*";
      case "expressionType" -> pick(List.of("TAG", "SQL92"));
      case "attributes" -> pick(List.of("", "+message.type=NORMAL", "+wild=1,-tame"));
      case "perm" -> "6";
      case "queueId", "e" -> pick(List.of("0", "0", "0", "1", "2", "-1"));
      case "commitOffset" -> "0";
      case "d", "defaultTopicQueueNums", "readQueueNums", "writeQueueNums" ->
        pick(List.of("3", "4", "8"));
      case "batch", "m" -> random.nextInt(20) == 0 ? "true" : "false";
      case "k",
          "unitMode",
          "isForce",
          "isOrder",
          "order",
          "readable",
          "offline",
          "suspended",
          "cleanOffset",
          "setZeroIfNotFound",
          "fromTransactionCheck" -> pick(List.of("true", "false", "false"));
      default -> Integer.toString(random.nextInt(5));
    };
  }

  private List<Long> latest() {
    return positions.subList(Math.max(0, positions.size() - 10), positions.size());
  }

  private String extreme() {
    return switch (random.nextInt(16)) {
      case 0 -> "";
      case 1 -> "-1";
      case 2 -> Long.toString(Long.MIN_VALUE);
      case 3 -> Long.toString(Long.MAX_VALUE);
      case 4 -> Integer.toString(Integer.MIN_VALUE);
      case 5 -> Integer.toString(Integer.MAX_VALUE);
      case 6 -> Long.toString(random.nextLong());
      case 7 -> "NaN";
      case 8 -> "x".repeat(pick(List.of(120, 127, 128, 255, 256)));
      case 9 -> "y".repeat(pick(List.of(LONGEST_PROPERTIES - 7, LONGEST_PROPERTIES)));
      case 10 -> "../../x";
      case 11 -> "\u0000\u0001\u0002";
      case 12 -> pick(List.of("%RETRY%wild-1", "%DLQ%wild-1", "%RETRY%", "%DLQ%%RETRY%x"));
      case 13 -> pick(List.of("TBW102", "SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC"));
      case 14 -> "\u65e5\u672c\ud83d\ude00";
      default -> Integer.toString(random.nextInt(100_000));
    };
  }

  private String properties() {
    StringBuilder text = new StringBuilder();
    if (random.nextInt(3) == 0) {
      property(text, "TRAN_MSG", "true");
      property(text, "PGROUP", pick(GROUPS));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      property(text, pick(PROPERTIES), random.nextInt(4) == 0 ? extreme() : plausible("d"));
    }
    int length = random.nextInt(10) > 0
        ? 0
        : LONGEST_PROPERTIES
            - pick(List.of(0, 0, 1, 100, 300, 700, -1)); // what is added needs room
    int missing = length - text.length() - 3;
    if (missing > 0) {
      property(text, pick(List.of("filler", "KEYS", "TAGS", "UNIQ_KEY")).substring(0, 1) + "f", "");
      text.setLength(text.length() - 1);
      text.append("z".repeat(Math.max(0, length - text.length() - 1))).append('\u0002');
    }
    return text.toString();
  }

  private static void property(StringBuilder text, String name, String value) {
    text.append(name).append('\u0001').append(value).append('\u0002');
  }

  private byte[] body(RequestCode code) {
    if (code == RequestCode.SEND_BATCH_MESSAGE || random.nextInt(50) == 0) {
      return batch();
    }
    if (code.name().startsWith("SEND_")) {
      int length = random.nextInt(20) > 0
          ? random.nextInt(2_000)
          : pick(List.of(0, 100_000, 128 << 10, 900_000, (1 << 20) - (64 << 10), 1 << 20));
      return new byte[length];
    }
    String json = code == RequestCode.HEART_BEAT
        ? BODIES.get(0)
        : code == RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP ? BODIES.get(1) : pick(BODIES);
    json = replaced(json, "#G", GROUPS);
    json = replaced(json, "#T", TOPICS);
    json = replaced(json, "#X", List.of("a", "b", "x".repeat(300), "\\u0000", "%RETRY%"));
    json = replaced(json, "#N", List.of("0", "1", "3", "-1", "2147483647", "9223372036854775807"));
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private String replaced(String text, String mark, List<String> values) {
    String result = text;
    while (result.contains(mark)) {
      result = result.replaceFirst(mark, pick(values).replace("\\", "\\\\"));
    }
    return result;
  }

  private byte[] batch() {
    int messages = random.nextInt(6) > 0
        ? 1 + random.nextInt(30)
        : pick(List.of(0, 1_500, 9_000, 10_000, 10_001, 40_000, 90_000));
    int bodyLength = messages > 10_000 ? 0 : pick(List.of(0, 1, 60));
    byte[] properties = (messages > 100
            ? ""
            : pick(List.of("", "KEYS\u0001a\u0002", "UNIQ_KEY\u0001u\u0002")))
        .getBytes(StandardCharsets.UTF_8);
    int size = 22 + bodyLength + properties.length;
    ByteBuffer bytes = ByteBuffer.allocate(messages * size);
    for (int i = 0; i < messages; i++) {
      bytes.putInt(size).putInt(0).putInt(0).putInt(i).putInt(bodyLength);
      bytes.position(bytes.position() + bodyLength);
      bytes.putShort((short) properties.length).put(properties);
    }
    if (messages > 0 && random.nextInt(8) == 0) {
      bytes.put(random.nextInt(bytes.capacity()), (byte) random.nextInt());
    }
    return bytes.array();
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
