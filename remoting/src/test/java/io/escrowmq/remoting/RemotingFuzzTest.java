package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.frame.BadFrameException;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyCursor;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything here that reads what came over the network. */
class RemotingFuzzTest extends FuzzContract {

  private static final FrameLimits LIMITS = FrameLimits.of(1 << 20);
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);

  private static final List<String> BODIES =
      List.of("""
      {"clientID":"c","heartbeatFingerprint":0,"withoutSub":false,"producerDataSet":[{"groupName":"p"}],
       "consumerDataSet":[{"groupName":"g","consumeType":"CONSUME_PASSIVELY","unitMode":false,
        "messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET",
        "subscriptionDataSet":[{"topic":"T","subString":"a||b","tagsSet":["a","b"],"codeSet":[97,98],
         "subVersion":1,"expressionType":"TAG"}]}]}""", """
      {"topicConfigSerializeWrapper":{"dataVersion":{"stateVersion":0,"timestamp":1,"counter":2},
       "topicConfigTable":{"T":{"topicName":"T","readQueueNums":4,"writeQueueNums":4,"perm":6,
        "topicFilterType":"SINGLE_TAG","topicSysFlag":0,"order":false,"attributes":{"+a":"b"}}}},
       "filterServerList":[]}""", """
      {"brokerDatas":[{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"a","cluster":"C"}],
       "queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":4,"writeQueueNums":4,"topicSysFlag":0}],
       "orderTopicConf":null,"filterServerTable":{}}""", """
      {"offsetTable":{{"brokerName":"a","queueId":0,"topic":"T"}:{"minOffset":0,"maxOffset":5,
       "brokerOffset":5,"consumerOffset":3,"lastTimestamp":1,"lastUpdateTimestamp":1}},"consumeTps":0.5}""", """
      {"offsetTable":{"T@g":{0:3,1:4}},"dataVersion":{"counter":1}}""", """
      {"groupName":"g","consumeEnable":true,"retryQueueNums":1,"retryMaxTimes":16,"attributes":{},
       "groupRetryPolicy":{"type":"CUSTOMIZED","customizedRetryPolicy":{"next":[1,2]}}}""", """
      {"clientId":"c","consumerGroup":"g","onlyThisBroker":true,
       "mqSet":[{"topic":"T","brokerName":"a","queueId":1}]}""", "brokerPermission=6\nfile\\u0041=1\n");

  private static final String HEADER =
      "{\"code\":310,\"extFields\":%s,\"flag\":0,\"language\":\"JAVA\","
          + "\"opaque\":7,\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513,\"remark\":\"a\\u0001\\\"\"}";

  private static final String PROPERTIES =
      "KEYS\u0001k\u0002TAGS\u0001t\u0002DELAY\u00013\u0002RETRY_TOPIC\u0001T\u0002own\u0001\u00fc\u0002";

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(
        headers("json-headers", HeaderEncoding.JSON),
        headers("binary-headers", HeaderEncoding.BINARY),
        FuzzTarget.oneOf(
                "request-fields",
                Readers.ofHeaders(),
                List.of(json(fieldsOf(sent())), json(fieldsOf(pull()))),
                (reader, input) -> reader.read(
                    FrameHeader.read(HeaderEncoding.JSON, input, LIMITS).fields()))
            .refusingWith(BadFrameException.class)
            .refusingWith(BadHeaderException.class)
            .taking(1 << 20, 1_000),
        FuzzTarget.oneOf(
                "bodies",
                Readers.ofBodies(),
                BODIES.stream().map(RemotingFuzzTest::utf8).toList(),
                Readers.OfBody::read)
            .refusingWith(BadBodyException.class),
        FuzzTarget.of("messages", RemotingFuzzTest::readMessage)
            .refusingWith(BadMessageException.class)
            .reading(message()),
        FuzzTarget.of("batches", RemotingFuzzTest::readBatch)
            .refusingWith(BadMessageException.class)
            .reading(batch()),
        FuzzTarget.of("properties", RemotingFuzzTest::readProperties)
            .reading(PROPERTIES)
            .taking(1 << 20, 1_000),
        FuzzTarget.of("names", RemotingFuzzTest::readNames)
            .reading("%RETRY%group-1")
            .reading(MessageId.of(MessageId.prefix(HOST), 77)));
  }

  /** What is read and written is read again as the same. */
  private static FuzzTarget headers(String name, HeaderEncoding encoding) {
    HeaderBuffer buffer = new HeaderBuffer();
    FuzzTarget target = FuzzTarget.of(name, input -> {
          FrameHeader header = FrameHeader.read(encoding, input, LIMITS);
          Map<String, String> fields = new HashMap<>(header.fields().toMap());
          fields.keySet().removeIf(field -> field.chars().anyMatch(c -> c > 127)); // nobody's names
          fields.forEach(
              (field, value) -> assertThat(header.fields().text(field)).isEqualTo(value));
          buffer.writeAnswer(
              encoding, 1, header.opaque(), header.remark(), out -> fields.forEach(out::put));
          byte[] again = Arrays.copyOf(buffer.bytes(), buffer.size());
          assertThat(FrameHeader.read(encoding, again, FrameLimits.of(16 << 20))
                  .fields()
                  .toMap())
              .isEqualTo(fields);
        })
        .refusingWith(BadFrameException.class)
        .taking(4 << 20, 2_000);
    for (WireHeader header : List.of(sent(), pull())) {
      buffer.writeRequest(encoding, 310, 7, false, header);
      target = target.reading(Arrays.copyOf(buffer.bytes(), buffer.size()));
    }
    return encoding == HeaderEncoding.JSON ? target.reading(json("{\"a\":1,\"b\":{}}")) : target;
  }

  private static void readMessage(byte[] input) {
    // The message is surrounded by bytes that are not its own.
    ByteBuffer buffer = ByteBuffer.allocate(input.length + 64).put(32, input);
    buffer.position(32).limit(32 + input.length);
    MessageView view = MessageView.of(buffer);
    assertThat(view.size()).isLessThanOrEqualTo(input.length);
    view.topic();
    view.property("TAGS");
    view.body();
    view.isBodyIntact();
    view.bornHost();
    view.storeHost();
    view.reconsumeTimes();
    view.preparedPosition();
    String[] names = {"KEYS", "TAGS", "own"};
    String[] values = view.properties(names);
    Map<String, String> all = Properties.parse(view.properties());
    for (int i = 0; i < names.length; i++) {
      if (!view.properties().contains("\ufffd")) { // bytes that are no text are nobody's name
        assertThat(values[i]).isEqualTo(all.get(names[i]));
      }
    }
  }

  private static void readBatch(byte[] input) {
    int stored = 0;
    for (BatchItem item : BatchCodec.read(ByteBuffer.wrap(input))) {
      stored += item.body().remaining() + item.properties().remaining();
      Properties.parse(item.propertyString());
    }
    assertThat(stored).isLessThanOrEqualTo(input.length);
  }

  /** All that look at properties see the same ones. */
  private static void readProperties(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Map<String, String> parsed = Properties.parse(text);
    byte[] utf8 = utf8(text);
    PropertyCursor cursor = new PropertyCursor().over(ByteBuffer.wrap(utf8), 0, utf8.length);
    Map<String, String> seen = new LinkedHashMap<>();
    while (cursor.next()) {
      int nameEnd = cursor.valueAt() - 1;
      int nameAt = nameEnd;
      while (nameAt > 0 && utf8[nameAt - 1] != '\2') {
        nameAt--;
      }
      seen.put(
          new String(utf8, nameAt, nameEnd - nameAt, StandardCharsets.UTF_8),
          new String(utf8, cursor.valueAt(), cursor.valueLength(), StandardCharsets.UTF_8));
    }
    assertThat(seen).isEqualTo(parsed);
    parsed.forEach((name, value) -> assertThat(Properties.value(text, name)).isEqualTo(value));
    PassingProperties.Split split = PassingProperties.split(text, false);
    parsed.forEach((name, value) -> assertThat(Properties.parse(split.visible()).containsKey(name))
        .as("%s stays", name)
        .isEqualTo(!PassingProperties.isPassing(name)));
    assertThat(PassingProperties.split(split.visible(), false).visible())
        .isEqualTo(split.visible());
  }

  private static void readNames(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    TopicNames.refusal(text);
    GroupNames.refusal(text);
    MessageId id = MessageId.parse(text);
    if (id != null) {
      assertThat(id.text()).isEqualToIgnoringCase(text);
    }
  }

  private static SendMessageHeader sent() {
    return new SendMessageHeader(
        "g", "T", "TBW102", 4, 1, 4, 0, 0, PROPERTIES, 0, false, -1, false);
  }

  private static PullMessageHeader pull() {
    return new PullMessageHeader("g", "T", 0, 7, 32, 4, 0, 1_000, "a || b", 1, "TAG", 1 << 20);
  }

  private static String fieldsOf(WireHeader header) {
    StringBuilder json = new StringBuilder("{");
    MapFields.of(header)
        .toMap()
        .forEach((name, value) -> json.append(json.length() > 1 ? "," : "")
            .append('"')
            .append(name)
            .append("\":\"")
            .append(value)
            .append('"'));
    return json.append('}').toString();
  }

  private static byte[] json(String fields) {
    return utf8(HEADER.formatted(fields));
  }

  private static byte[] message() {
    return MessageCodec.encode(new NewMessage(
        "T", 2, 0, 0, 1, HOST, HOST, 0, 0, ByteBuffer.wrap(utf8("hello")), PROPERTIES));
  }

  private static byte[] batch() {
    byte[] properties = utf8(PROPERTIES);
    ByteBuffer bytes = ByteBuffer.allocate(2 * (22 + 3 + properties.length));
    for (int i = 0; i < 2; i++) {
      bytes
          .putInt(22 + 3 + properties.length)
          .putInt(0)
          .putInt(0)
          .putInt(i)
          .putInt(3)
          .put(utf8("abc"));
      bytes.putShort((short) properties.length).put(properties);
    }
    return bytes.array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
