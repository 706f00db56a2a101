package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may not be: the code that the protocol pages give, and a sentence about the value and the limit. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
final class BadInputTest {

  private static final int PULL_MESSAGE = 11;
  private static final int UPDATE_AND_CREATE_TOPIC = 17;
  private static final int SEND_MESSAGE_V2 = 310;
  private static final int GET_ROUTE = 105;

  private static final int REQUEST_CODE_NOT_SUPPORTED = 3;
  private static final int MESSAGE_ILLEGAL = 13;
  private static final int TOPIC_NOT_EXIST = 17;
  private static final int INVALID_PARAMETER = 29;

  private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private final TestBed bed;

  @AutoClose
  private final Clients clients;

  BadInputTest(ClientKind kind, TestBed bed) {
    this.bed = bed;
    clients = bed.clients(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "a b", "a/b", "ünïcode", "a\nb", "TBW102"})
  void shouldNotCreateATopicOfAnIllegalName(String topic) {
    // when
    Answer answer = request(UPDATE_AND_CREATE_TOPIC, topicFields(topic));

    // then
    assertThat(answer.code()).isEqualTo(INVALID_PARAMETER);
    assertThat(answer.remark()).isNotEmpty();
  }

  @Test
  void shouldNotCreateATopicOfTooLongAName() {
    // given
    String topic = "x".repeat(128);

    // when
    Answer answer = request(UPDATE_AND_CREATE_TOPIC, topicFields(topic));

    // then
    assertThat(answer.code()).isEqualTo(INVALID_PARAMETER);
    assertThat(answer.remark()).contains("127");
  }

  @Test
  void shouldNotSendToATopicOfAnIllegalName() {
    assertThat(send(sendFields("../topic", 0)).code()).isEqualTo(INVALID_PARAMETER);
  }

  @Test
  void shouldNotSendToAQueueThatIsNotThere() {
    // given
    String topic = clients.freshTopic(2);

    // when
    Answer answer = send(sendFields(topic, 2));

    // then
    assertThat(answer.code()).isEqualTo(INVALID_PARAMETER);
    assertThat(answer.remark()).contains("2");
  }

  @Test
  void shouldNotSendToAnUnknownTopicWithoutATemplate() {
    // given
    Map<String, String> fields = new HashMap<>(sendFields(bed.fresh("unknown"), 0));
    fields.put("c", bed.fresh("no-template"));

    // when
    Answer answer = send(fields);

    // then
    assertThat(answer.code()).isEqualTo(TOPIC_NOT_EXIST);
    assertThat(answer.remark()).contains(fields.get("b"));
  }

  @Test
  void shouldRefuseABodyOverTheLimitAndTakeOneBelowIt() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when
    DriverException refused = catchThrowableOfType(
        DriverException.class,
        () -> clients
            .driver()
            .send(producer, OutgoingMessage.to(topic, incompressible(MAX_BODY_BYTES + 1))));
    SendAnswer taken = clients
        .driver()
        .send(producer, OutgoingMessage.to(topic, incompressible(MAX_BODY_BYTES - 100_000)));

    // then
    assertThat(refused.responseCode()).isEqualTo(MESSAGE_ILLEGAL);
    assertThat(taken.status()).isEqualTo("SEND_OK");
  }

  @Test
  void shouldRefusePropertiesThatARecordCannotHold() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when
    DriverException refused = catchThrowableOfType(
        DriverException.class,
        () -> clients
            .driver()
            .send(producer, OutgoingMessage.to(topic, "b").with("long", "x".repeat(32_768))));

    // then
    assertThat(refused.responseCode()).isEqualTo(MESSAGE_ILLEGAL);
  }

  @Test
  void shouldNotPullFromATopicOrAQueueThatIsNotThere() {
    // given
    String topic = clients.freshTopic(2);
    String group = clients.freshGroup();

    // when
    Answer noTopic = request(PULL_MESSAGE, pullFields(group, bed.fresh("unknown"), 0));
    Answer noQueue = request(PULL_MESSAGE, pullFields(group, topic, 2));

    // then
    assertThat(noTopic.code()).isEqualTo(TOPIC_NOT_EXIST);
    assertThat(noQueue.code()).isEqualTo(INVALID_PARAMETER);
  }

  @Test
  void shouldTellWhichRequestCodeItDoesNotKnow() {
    // when
    Answer broker = request(31_999, Map.of());
    Answer namesrv = clients.request(clients.nameServer(), 31_999, Map.of());

    // then
    assertThat(broker.code()).isEqualTo(REQUEST_CODE_NOT_SUPPORTED);
    assertThat(broker.remark()).contains("31999");
    assertThat(namesrv.code()).isEqualTo(REQUEST_CODE_NOT_SUPPORTED);
    assertThat(namesrv.remark()).contains("31999");
  }

  @Test
  void shouldTellThatATopicHasNoRoute() {
    // given
    String topic = bed.fresh("unknown");

    // when
    Answer answer = clients.request(clients.nameServer(), GET_ROUTE, Map.of("topic", topic));

    // then
    assertThat(answer.code()).isEqualTo(TOPIC_NOT_EXIST);
    assertThat(answer.remark()).contains(topic);
  }

  @Test
  void shouldCloseOnlyTheConnectionThatSendsGarbage() throws IOException {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    clients.driver().send(producer, OutgoingMessage.to(topic, "before"));
    byte[] text = "GET / HTTP/1.1\r\nHost: nobody\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] hugeFrame =
        ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(16).array();
    byte[] negativeFrame = ByteBuffer.allocate(8).putInt(-5).putInt(16).array();
    byte[] headerBeyondFrame =
        ByteBuffer.allocate(12).putInt(8).putInt(0xFFFF).putInt(7).array();

    // when, then
    for (String address : new String[] {clients.brokerAddress(), clients.nameServer()}) {
      for (byte[] garbage : new byte[][] {text, hugeFrame, negativeFrame, headerBeyondFrame}) {
        assertThat(isClosedAfter(address, garbage)).isTrue();
      }
    }
    assertThat(
            clients.driver().send(producer, OutgoingMessage.to(topic, "after")).status())
        .isEqualTo("SEND_OK");
  }

  private static boolean isClosedAfter(String address, byte[] bytes) throws IOException {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes);
      InputStream in = socket.getInputStream();
      return in.read() == -1;
    } catch (SocketException reset) {
      // closed with bytes of ours unread
      return true;
    }
  }

  private Answer send(Map<String, String> fields) {
    return clients.request(clients.brokerAddress(), SEND_MESSAGE_V2, fields, "body");
  }

  private Answer request(int code, Map<String, String> fields) {
    return clients.request(clients.brokerAddress(), code, fields);
  }

  /** A body that a client does not make smaller by compressing it. */
  private static String incompressible(int length) {
    Random random = new Random(7);
    StringBuilder body = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      body.append((char) random.nextInt(256));
    }
    return body.toString();
  }

  private static Map<String, String> topicFields(String topic) {
    return Map.of(
        "topic", topic,
        "defaultTopic", "TBW102",
        "readQueueNums", "1",
        "writeQueueNums", "1",
        "perm", "6",
        "topicFilterType", "SINGLE_TAG",
        "topicSysFlag", "0",
        "order", "false");
  }

  private static Map<String, String> sendFields(String topic, int queueId) {
    return Map.of(
        "a", "producers",
        "b", topic,
        "c", "TBW102",
        "d", "4",
        "e", Integer.toString(queueId),
        "f", "0",
        "g", "1700000000000",
        "h", "0",
        "i", "UNIQ_KEY\u00017F0000010001000000000000000000AA\u0002",
        "j", "0");
  }

  private static Map<String, String> pullFields(String group, String topic, int queueId) {
    Map<String, String> fields = new HashMap<>();
    fields.put("consumerGroup", group);
    fields.put("topic", topic);
    fields.put("queueId", Integer.toString(queueId));
    fields.put("queueOffset", "0");
    fields.put("maxMsgNums", "32");
    fields.put("sysFlag", "4");
    fields.put("commitOffset", "0");
    fields.put("suspendTimeoutMillis", "0");
    fields.put("subscription", "*");
    fields.put("subVersion", "0");
    return fields;
  }
}
