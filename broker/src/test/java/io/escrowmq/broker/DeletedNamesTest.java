package io.escrowmq.broker;

import static io.escrowmq.broker.BrokerCalls.expectOk;
import static io.escrowmq.broker.BrokerCalls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.SimulatedFileSystem;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A topic or group that is deleted and made again under the same name begins empty: a whole broker
 * on a simulated disk and a made-up clock.
 */
class DeletedNamesTest {

  private static final String GROUP = "readers";

  /** What a broker keeps by the name of a topic. */
  enum KeptThing {
    MESSAGES,
    CONSUMER_OFFSET,
    OFFSET_OF_OPERATOR,
    QUEUE_LOCK,
    KEY_OF_MESSAGE,
    RECENT_SEND,
    DELAYED_MESSAGE,
    HALF_MESSAGE,
    STATISTICS
  }

  /** How a topic comes into being again. */
  enum Again {
    BY_OPERATOR,
    BY_SENDING,
    BY_OPERATOR_BEFORE_RESTART,
    BY_OPERATOR_AFTER_RESTART
  }

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final BrokerCalls calls = new BrokerCalls();
  private Broker broker = newBroker();

  private Broker newBroker() {
    return new Broker(
        new TestSettings()
            .queues(1)
            .deduplication(new Deduplication(Deduplication.Of.ALL, 1_000, 1 << 20))
            .build(),
        new Machine<>(files, TestNetwork.REAL, clock.surroundings()));
  }

  @BeforeEach
  void start() {
    broker.start();
  }

  @AfterEach
  void stop() {
    calls.close();
    broker.close();
  }

  static Stream<Arguments> everyKindOfEveryName() {
    return Stream.of("orders", "%RETRY%readers", "%DLQ%readers")
        .flatMap(topic -> Stream.of(KeptThing.values())
            .filter(
                kept -> kept != KeptThing.HALF_MESSAGE || !topic.startsWith("%RETRY%")) // refused
            .flatMap(
                kept -> Stream.of(Again.values()).map(again -> Arguments.of(topic, kept, again))));
  }

  @ParameterizedTest
  @MethodSource("everyKindOfEveryName")
  void shouldBeginEmptyWhenATopicIsMadeAgain(String topic, KeptThing kept, Again again) {
    // given
    createTopic(topic);
    keep(topic, kept);

    // when
    expectOk(ask(RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", topic)));
    makeAgain(topic, again);

    // then
    expectNothingOf(topic, kept, again == Again.BY_SENDING ? 1 : 0);
  }

  private void makeAgain(String topic, Again again) {
    switch (again) {
      case BY_OPERATOR -> createTopic(topic);
      case BY_SENDING -> {
        if (topic.startsWith("%DLQ%")) {
          createTopic(topic); // sending does not create it
        }
        expectOk(send(topic, "new", Map.of("UNIQ_KEY", "other")));
      }
      case BY_OPERATOR_BEFORE_RESTART -> {
        createTopic(topic);
        restart();
      }
      case BY_OPERATOR_AFTER_RESTART -> {
        restart();
        createTopic(topic);
      }
    }
  }

  private void restart() {
    broker.close();
    broker = newBroker();
    broker.start();
  }

  private void keep(String topic, KeptThing kept) {
    expectOk(send(topic, "old", Map.of("UNIQ_KEY", "u", "KEYS", "k")));
    switch (kept) {
      case MESSAGES, KEY_OF_MESSAGE, RECENT_SEND -> {}
      case CONSUMER_OFFSET -> {
        expectOk(ask(RequestCode.UPDATE_CONSUMER_OFFSET, of(topic, "commitOffset", "1")));
        clock.advance(1_000); // so that it is in the log
      }
      case OFFSET_OF_OPERATOR ->
        expectOk(ask(
            RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
            of(topic, "group", GROUP, "timestamp", "-1", "isForce", "true")));
      case QUEUE_LOCK -> assertThat(lock(topic, "first")).contains("queueId");
      case DELAYED_MESSAGE ->
        expectOk(send(topic, "delayed", Map.of("DELAY", "1", "UNIQ_KEY", "d")));
      case HALF_MESSAGE ->
        expectOk(send(
            topic,
            "half",
            Map.of("TRAN_MSG", "true", "PGROUP", "pg", "ESCROW_TX", "x", "UNIQ_KEY", "h")));
      case STATISTICS -> assertThat(putStatistics(topic).isOk()).isTrue();
    }
  }

  private void expectNothingOf(String topic, KeptThing kept, int sentSince) {
    switch (kept) {
      case MESSAGES -> assertThat(maxOffset(topic)).isEqualTo(Integer.toString(sentSince));
      case CONSUMER_OFFSET, OFFSET_OF_OPERATOR -> {
        Answer asked =
            ask(RequestCode.QUERY_CONSUMER_OFFSET, of(topic, "setZeroIfNotFound", "false"));
        assertThat(asked.code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND.number());
      }
      case QUEUE_LOCK -> assertThat(lock(topic, "second")).contains("queueId");
      case KEY_OF_MESSAGE -> {
        assertThat(query(topic, "k").code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND.number());
        expectOk(send(topic, "with the key", Map.of("UNIQ_KEY", "v", "KEYS", "k")));
        assertThat(text(query(topic, "k"))).contains("with the key").doesNotContain("old");
      }
      case RECENT_SEND -> {
        expectOk(send(topic, "old", Map.of("UNIQ_KEY", "u")));
        assertThat(maxOffset(topic)).isEqualTo(Integer.toString(sentSince + 1));
      }
      case DELAYED_MESSAGE -> {
        clock.advance(2_000);
        expectOk(send(topic, "later", Map.of("UNIQ_KEY", "l"))); // due deliveries go with it
        expectOk(send(topic, "latest", Map.of("UNIQ_KEY", "m")));
        assertThat(maxOffset(topic)).isEqualTo(Integer.toString(sentSince + 2));
      }
      case HALF_MESSAGE -> {
        assertThat(decide("8").code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST.number());
        expectOk(decide("12"));
        assertThat(maxOffset(topic)).isEqualTo(Integer.toString(sentSince));
      }
      case STATISTICS -> {
        Answer stats = putStatistics(topic);
        assertThat(stats.isOk()).isEqualTo(sentSince > 0);
        if (stats.isOk()) {
          assertThat(text(stats)).contains("\"sum\":1").doesNotContain("\"sum\":2");
        }
      }
    }
  }

  /** Its consumer knows offset 3 only; the new topic's first message has offset 0. */
  @Test
  void shouldSendWaitingPullsToTheBeginningWhenTheirTopicIsDeleted() {
    // given
    createTopic("orders");
    for (String key : List.of("a", "b", "c")) {
      expectOk(send("orders", key, Map.of("UNIQ_KEY", key)));
    }
    CompletableFuture<Answer> waiting = pull("orders", 3);

    // when
    expectOk(ask(RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "orders")));

    // then
    Answer ended = waiting.join();
    assertThat(ended.code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED.number());
    assertThat(ended.fields().toMap()).containsEntry("nextBeginOffset", "0");
  }

  @Test
  void shouldBringTheFirstMessageOfTheNewTopicToAConsumerThatPullsWithItsOldOffset() {
    // given
    createTopic("orders");
    expectOk(send("orders", "old", Map.of("UNIQ_KEY", "u")));
    subscribe("CLUSTERING");
    expectOk(ask(RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "orders")));
    createTopic("orders");
    expectOk(send("orders", "new", Map.of("UNIQ_KEY", "v")));

    // when
    expectOk(ask(RequestCode.UPDATE_CONSUMER_OFFSET, of("orders", "commitOffset", "1")));
    Answer moved = pull("orders", 1).join();
    Answer found = pull("orders", 0).join();
    Answer offset =
        ask(RequestCode.QUERY_CONSUMER_OFFSET, of("orders", "setZeroIfNotFound", "false"));

    // then
    assertThat(moved.fields().toMap()).containsEntry("nextBeginOffset", "0");
    assertThat(text(found)).contains("new");
    assertThat(offset.code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND.number());
  }

  @Test
  void shouldTakeTheOffsetsOfAConsumerThatWasToldOfTheNewTopic() {
    // given
    createTopic("orders");
    subscribe("CLUSTERING");
    expectOk(ask(RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "orders")));
    createTopic("orders");
    expectOk(send("orders", "new", Map.of("UNIQ_KEY", "v")));
    assertThat(text(pull("orders", 0).join())).contains("new");

    // when
    expectOk(ask(RequestCode.UPDATE_CONSUMER_OFFSET, of("orders", "commitOffset", "1")));
    expectOk(send("orders", "next", Map.of("UNIQ_KEY", "w")));
    Answer next = pull("orders", 1).join();
    Answer offset = ask(RequestCode.QUERY_CONSUMER_OFFSET, of("orders"));

    // then
    assertThat(text(next)).contains("next");
    assertThat(offset.fields().toMap()).containsEntry("offset", "1");
  }

  @Test
  void shouldForgetLocksAndOffsetsOfADeletedGroup() {
    // given
    createTopic("orders");
    expectOk(send("orders", "old", Map.of("UNIQ_KEY", "u")));
    assertThat(lock("orders", "first")).contains("queueId");
    expectOk(ask(RequestCode.UPDATE_CONSUMER_OFFSET, of("orders", "commitOffset", "1")));

    // when
    expectOk(ask(
        RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", GROUP, "cleanOffset", "true")));

    // then
    assertThat(lock("orders", "second")).contains("queueId");
    assertThat(ask(RequestCode.QUERY_CONSUMER_OFFSET, of("orders", "setZeroIfNotFound", "false"))
            .code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND.number());
  }

  private void createTopic(String topic) {
    expectOk(ask(
        RequestCode.UPDATE_AND_CREATE_TOPIC,
        Map.of(
            "topic", topic,
            "defaultTopic", "TBW102",
            "readQueueNums", "1",
            "writeQueueNums", "1",
            "perm", "6",
            "topicFilterType", "SINGLE_TAG",
            "topicSysFlag", "0",
            "order", "false")));
    expectOk(ask(
        RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
        Map.of(),
        "{\"groupName\":\"" + GROUP + "\"}"));
  }

  private Answer send(String topic, String body, Map<String, String> properties) {
    StringBuilder text = new StringBuilder();
    properties.forEach(
        (name, value) -> text.append(name).append('\u0001').append(value).append('\u0002'));
    Map<String, String> fields = new HashMap<>(Map.of(
        "producerGroup", "pg",
        "topic", topic,
        "defaultTopic", "TBW102",
        "defaultTopicQueueNums", "1",
        "queueId", "0",
        "sysFlag", properties.containsKey("TRAN_MSG") ? "4" : "0",
        "bornTimestamp", "0",
        "flag", "0",
        "properties", text.toString()));
    fields.put("reconsumeTimes", "0");
    return ask(RequestCode.SEND_MESSAGE, fields, body);
  }

  private Answer decide(String commitOrRollback) {
    return ask(
        RequestCode.DECIDE_TRANSACTION,
        Map.of("producerGroup", "pg", "transaction", "x", "commitOrRollback", commitOrRollback));
  }

  private CompletableFuture<Answer> pull(String topic, long offset) {
    Map<String, String> fields = of(topic, "queueOffset", Long.toString(offset), "maxMsgNums", "9");
    fields.putAll(Map.of(
        "sysFlag", "6",
        "commitOffset", "0",
        "suspendTimeoutMillis", "15000",
        "subscription", "*",
        "subVersion", "0"));
    return call(RequestCode.PULL_MESSAGE, fields, "");
  }

  private void subscribe(String model) {
    Heartbeat.ConsumerEntry consumer = new Heartbeat.ConsumerEntry(
        GROUP,
        "CONSUME_PASSIVELY",
        model,
        "CONSUME_FROM_LAST_OFFSET",
        List.of(new SubscriptionEntry("orders", "*", "TAG", List.of(), List.of(), 1, false)),
        false);
    Heartbeat heartbeat = new Heartbeat("c@1", List.of(consumer), List.of(), 0, false);
    expectOk(call(
            RequestCode.HEART_BEAT,
            Map.of(),
            new String(heartbeat.toBytes(), StandardCharsets.UTF_8))
        .join());
  }

  private String lock(String topic, String clientId) {
    QueueLock lock =
        new QueueLock(GROUP, clientId, List.of(new MessageQueue(topic, "broker-a", 0)), false);
    return text(ask(
        RequestCode.LOCK_BATCH_MQ, Map.of(), new String(lock.toBytes(), StandardCharsets.UTF_8)));
  }

  private String maxOffset(String topic) {
    return String.valueOf(ask(RequestCode.GET_MAX_OFFSET, of(topic)).fields().text("offset"));
  }

  private Answer query(String topic, String key) {
    return ask(
        RequestCode.QUERY_MESSAGE,
        Map.of(
            "topic",
            topic,
            "key",
            key,
            "maxNum",
            "9",
            "beginTimestamp",
            "0",
            "endTimestamp",
            Long.toString(Long.MAX_VALUE)));
  }

  private Answer putStatistics(String topic) {
    return ask(
        RequestCode.VIEW_BROKER_STATS_DATA,
        Map.of("statsName", "TOPIC_PUT_NUMS", "statsKey", topic));
  }

  private static Map<String, String> of(String topic, String... more) {
    Map<String, String> fields =
        new HashMap<>(Map.of("topic", topic, "queueId", "0", "consumerGroup", GROUP));
    for (int i = 0; i < more.length; i += 2) {
      fields.put(more[i], more[i + 1]);
    }
    return fields;
  }

  private Answer ask(RequestCode code, Map<String, String> fields) {
    return ask(code, fields, "");
  }

  private Answer ask(RequestCode code, Map<String, String> fields, String body) {
    return call(code, fields, body).join();
  }

  private CompletableFuture<Answer> call(
      RequestCode code, Map<String, String> fields, String body) {
    return calls.call(
        broker,
        new Request(
            code, out -> fields.forEach(out::put), Body.of(body.getBytes(StandardCharsets.UTF_8))));
  }
}
