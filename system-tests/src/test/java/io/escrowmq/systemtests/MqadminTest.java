package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The operator's tool, of both versions: what it prints is parsed and held against what was done. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_JSON"})
@SystemTest
final class MqadminTest {

  private final ClientKind kind;
  private final TestBed bed;
  private final String cluster;

  @AutoClose
  private final Clients clients;

  MqadminTest(ClientKind kind, TestBed bed) {
    this.kind = kind;
    this.bed = bed;
    cluster = bed.cluster();
    clients = bed.clients(kind);
  }

  @Test
  void shouldListTheCluster() {
    // when
    Printout printed = mqadmin("clusterList");

    // then
    assertThat(printed.table("Broker Name")).singleElement().satisfies(row -> {
      assertThat(row)
          .containsEntry("Cluster Name", cluster)
          .containsEntry("Broker Name", clients.brokerName())
          .containsEntry("BID", "0")
          .containsEntry("Addr", clients.brokerAddress());
      assertThat(row.get("Version")).startsWith("V");
    });
  }

  @Test
  void shouldCreateATopicInTheClusterAndListIt() {
    // given
    String topic = bed.fresh("topic");

    // when
    Printout created =
        mqadmin("updateTopic", "-c", cluster, "-t", topic, "-r", "5", "-w", "3", "-p", "6");

    // then
    assertThat(created.text())
        .contains("create topic to " + clients.brokerAddress() + " success")
        .contains("readQueueNums=5")
        .contains("writeQueueNums=3");
    soon().until(() -> mqadmin("topicList").lines().contains(topic));
    Printout route = mqadmin("topicRoute", "-t", topic);
    assertThat(route.members("readQueueNums")).containsExactly("5");
    assertThat(route.members("writeQueueNums")).containsExactly("3");
    assertThat(route.members("perm")).containsExactly("6");
    assertThat(route.members("cluster")).containsExactly(cluster);
    assertThat(route.members("0")).containsExactly(clients.brokerAddress());
    assertThat(route.members("brokerName")).containsOnly(clients.brokerName());
  }

  @Test
  void shouldChangeATopicOfOneBroker() {
    // given
    String topic = clients.freshTopic(2);

    // when
    mqadmin("updateTopic", "-b", clients.brokerAddress(), "-t", topic, "-r", "8", "-w", "8");

    // then
    soon()
        .untilAsserted(
            () -> assertThat(mqadmin("topicRoute", "-t", topic).members("writeQueueNums"))
                .containsExactly("8"));
  }

  @Test
  void shouldTellThatATopicHasNoRoute() {
    assertThat(mqadmin("topicRoute", "-t", bed.fresh("no-topic")).text()).contains("CODE: 17");
  }

  @Test
  void shouldDeleteATopicEverywhere() {
    // given
    String topic = clients.freshTopic(2);

    // when
    Printout deleted = mqadmin("deleteTopic", "-c", cluster, "-t", topic);

    // then
    assertThat(deleted.text())
        .contains("delete topic [" + topic + "] from cluster [" + cluster + "] success")
        .contains("delete topic [" + topic + "] from NameServer success");
    assertThat(mqadmin("topicList").lines()).doesNotContain(topic);
    assertThat(mqadmin("topicRoute", "-t", topic).text()).contains("CODE: 17");
  }

  @Test
  void shouldTellTheOffsetsOfATopic() {
    // given
    String topic = clients.freshTopic(2);
    sendTo(topic, 0, 3);
    sendTo(topic, 1, 1);

    // when
    List<Map<String, String>> rows = mqadmin("topicStatus", "-t", topic).table("QID");

    // then
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0))
        .containsEntry("Broker Name", clients.brokerName())
        .containsEntry("QID", "0")
        .containsEntry("Min Offset", "0")
        .containsEntry("Max Offset", "3");
    assertThat(rows.get(1)).containsEntry("QID", "1").containsEntry("Max Offset", "1");
    assertThat(rows.get(0).get("Last Updated")).startsWith("20");
  }

  @Test
  void shouldTellHowFarAGroupIs() {
    // given
    String topic = clients.freshTopic(1);
    sendTo(topic, 0, 4);
    String group = clients.freshGroup();
    String consumer = consumeAndStop(group, topic, 4);
    sendTo(topic, 0, 2);

    // when
    Printout printed = mqadmin("consumerProgress", "-g", group);

    // then
    assertThat(consumer).isNotEmpty();
    assertThat(printed.table("Consumer Offset"))
        .filteredOn(row -> topic.equals(row.get("Topic")))
        .singleElement()
        .satisfies(row -> assertThat(row)
            .containsEntry("Broker Name", clients.brokerName())
            .containsEntry("QID", "0")
            .containsEntry("Broker Offset", "6")
            .containsEntry("Consumer Offset", "4")
            .containsEntry("Diff", "2"));
    assertThat(printed.text()).contains("Diff Total: 2");
  }

  @Test
  void shouldListGroupsAndHowFarTheyAre() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic);
    sendTo(topic, 0, 1);
    soon().until(() -> clients.driver().received(consumer).size() == 1);

    // when, then
    within(30)
        .untilAsserted(() -> assertThat(mqadmin("consumerProgress").table("Group"))
            .filteredOn(row -> group.equals(row.get("Group")))
            .singleElement()
            .satisfies(row -> assertThat(row)
                .containsEntry("Count", "1")
                .containsEntry("Type", "PUSH")
                .containsEntry("Model", "CLUSTERING")));
  }

  @Test
  void shouldFindAMessageByTheBrokersId() {
    // given
    String topic = clients.freshTopic(1);
    SendAnswer sent = sendKeyed(topic, "key-by-id");

    // when
    Printout printed = kind.version().startsWith("4")
        ? mqadmin("queryMsgById", "-i", sent.offsetMessageId())
        : mqadmin("queryMsgById", "-t", topic, "-i", sent.offsetMessageId());

    // then
    assertThat(printed.values())
        .containsEntry("OffsetID", sent.offsetMessageId())
        .containsEntry("Topic", topic)
        .containsEntry("Tags", "[tag]")
        .containsEntry("Keys", "[key-by-id]")
        .containsEntry("Queue ID", "0")
        .containsEntry("Queue Offset", "0")
        .containsEntry("Reconsume Times", "0")
        .containsEntry("Store Host", clients.brokerAddress());
    assertThat(printed.text()).contains("UNIQ_KEY=" + sent.messageId());
  }

  @Test
  void shouldFindMessagesByTheirKey() {
    // given
    String topic = clients.freshTopic(1);
    SendAnswer first = sendKeyed(topic, "searched");
    sendKeyed(topic, "another");
    SendAnswer second = sendKeyed(topic, "too searched");

    // when
    List<Map<String, String>> rows =
        mqadmin("queryMsgByKey", "-t", topic, "-k", "searched").table("QID");

    // then
    assertThat(rows)
        .extracting(row -> row.get("Message ID"))
        .containsExactlyInAnyOrder(first.messageId(), second.messageId());
    assertThat(rows).extracting(row -> row.get("Offset").split(" ", 2)[0]).contains("0", "2");
  }

  @Test
  void shouldFindAMessageByItsUniqueKey() {
    // given
    String topic = clients.freshTopic(1);
    SendAnswer sent = sendKeyed(topic, "k");

    // when
    Printout printed = mqadmin("queryMsgByUniqueKey", "-t", topic, "-i", sent.messageId());

    // then
    assertThat(printed.values())
        .containsEntry("Topic", topic)
        .containsEntry("Keys", "[k]")
        .containsEntry("Queue Offset", "0")
        .containsEntry("Store Host", clients.brokerAddress());
  }

  @Test
  void shouldTellWhoHasConsumedAMessage() {
    // given
    String topic = clients.freshTopic(1);
    SendAnswer sent = sendKeyed(topic, "tracked");
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic);
    soon().until(() -> clients.driver().received(consumer).size() == 1);

    // when, then: the offset is stored some seconds after the message was consumed
    within(30)
        .untilAsserted(
            () -> assertThat(mqadmin("queryMsgByUniqueKey", "-t", topic, "-i", sent.messageId())
                    .text())
                .contains("consumerGroup=" + group)
                .contains("trackType=CONSUMED"));
  }

  @Test
  void shouldResetTheOffsetsOfAGroupByTime() {
    // given
    String topic = clients.freshTopic(1);
    sendTo(topic, 0, 5);
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic);
    soon().until(() -> clients.driver().received(consumer).size() == 5);

    // when
    Printout printed = mqadmin("resetOffsetByTime", "-g", group, "-t", topic, "-s", "0");

    // then
    assertThat(printed.table("offset"))
        .singleElement()
        .satisfies(row -> assertThat(row)
            .containsEntry("brokerName", clients.brokerName())
            .containsEntry("queueId", "0")
            .containsEntry("offset", "0"));
    // a client drops the queue and takes it again some seconds later
    within(60).until(() -> clients.driver().received(consumer).size() == 10);
    assertThat(clients.driver().received(consumer).subList(5, 10))
        .extracting(ReceivedMessage::body)
        .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4");
  }

  @Test
  void shouldResetTheOffsetsOfAGroupThatIsAway() {
    // given
    String topic = clients.freshTopic(1);
    sendTo(topic, 0, 3);
    String group = clients.freshGroup();
    consumeAndStop(group, topic, 3);

    // when
    mqadmin("resetOffsetByTime", "-g", group, "-t", topic, "-s", "0");

    // then
    String consumer = clients.push(group, topic);
    within(60).until(() -> clients.driver().received(consumer).size() == 3);
  }

  @Test
  void shouldTellTheStateOfABroker() {
    // when
    Map<String, String> status =
        mqadmin("brokerStatus", "-b", clients.brokerAddress()).values();

    // then
    assertThat(status.get("brokerVersionDesc")).startsWith("V");
    assertThat(status.get("bootTimestamp")).matches("\\d{13}");
    assertThat(status.get("putTps")).matches("[\\d.]+( [\\d.]+)*");
    assertThat(Long.parseLong(status.get("commitLogMaxOffset"))).isNotNegative();
    assertThat(status.get("runtime")).matches("\\[ \\d+ days, \\d+ hours, .*]");
  }

  @Test
  void shouldTellTheConfigurationOfABroker() {
    // when
    Map<String, String> configuration =
        mqadmin("getBrokerConfig", "-b", clients.brokerAddress()).values();

    // then
    assertThat(configuration)
        .containsEntry("brokerName", clients.brokerName())
        .containsEntry("brokerClusterName", cluster)
        .containsEntry("brokerId", "0")
        .containsEntry("maxMessageSize", "4194304");
  }

  @Test
  void shouldSetWhatAGroupMayDo() {
    // given
    String group = clients.freshGroup();
    String topic = clients.freshTopic(1);

    // when
    Printout updated = mqadmin("updateSubGroup", "-c", cluster, "-g", group, "-r", "0");

    // then
    assertThat(updated.text())
        .contains("create subscription group to " + clients.brokerAddress() + " success")
        .contains("retryMaxTimes=0");
    // no attempt is left after the first: the limit of the group holds, not the client's
    String consumer = clients.push(group, topic, plan -> plan.failing(99, 0, 1));
    sendTo(topic, 0, 1);
    within(30).until(() -> mqadmin("topicList").lines().contains("%DLQ%" + group));
    assertThat(clients.driver().received(consumer)).hasSize(1);
  }

  @Test
  void shouldTellTheConnectionsOfAProducerGroup() {
    // given
    String topic = clients.freshTopic(1);
    String group = bed.fresh("producers");
    String producer = clients.producer(group);
    clients.driver().send(producer, OutgoingMessage.to(topic, "m"));

    // when, then
    soon()
        .untilAsserted(() -> assertThat(
                mqadmin("producerConnection", "-g", group, "-t", topic).text())
            .contains("@" + producer)
            .contains("JAVA")
            .contains("V" + kind.version().replace('.', '_')));
  }

  @Test
  void shouldTellTheConnectionsOfAConsumerGroup() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic, plan -> plan.matching("red || blue"));

    // when, then
    soon().untilAsserted(() -> {
      Printout printed = mqadmin("consumerConnection", "-g", group);
      assertThat(printed.table("ClientId")).singleElement().satisfies(row -> {
        assertThat(row.get("ClientId")).endsWith("@" + consumer);
        assertThat(row)
            .containsEntry("Language", "JAVA")
            .containsEntry("Version", "V" + kind.version().replace('.', '_'));
      });
      assertThat(printed.table("SubExpression"))
          .extracting(row -> row.get("Topic"), row -> row.get("SubExpression"))
          .contains(tuple(topic, "red || blue"), tuple("%RETRY%" + group, "*"));
      assertThat(printed.values())
          .containsEntry("ConsumeType", "CONSUME_PASSIVELY")
          .containsEntry("MessageModel", "CLUSTERING")
          .containsEntry("ConsumeFromWhere", "CONSUME_FROM_FIRST_OFFSET");
    });
  }

  @Test
  void shouldTellThatAConsumerGroupIsAway() {
    // given
    String topic = clients.freshTopic(1);
    sendTo(topic, 0, 1);
    String group = clients.freshGroup();
    consumeAndStop(group, topic, 1);

    // when
    Printout printed = mqadmin("consumerConnection", "-g", group);

    // then
    assertThat(printed.text()).contains("CODE: 206");
  }

  private Printout mqadmin(String... arguments) {
    return new Printout(clients.mqadmin(arguments));
  }

  private SendAnswer sendKeyed(String topic, String keys) {
    String producer = clients.producer();
    SendAnswer sent = clients
        .driver()
        .send(producer, OutgoingMessage.to(topic, "body").tagged("tag").keyed(keys));
    clients.stop(producer);
    return sent;
  }

  private void sendTo(String topic, int queueId, int count) {
    String producer = clients.producer();
    for (int i = 0; i < count; i++) {
      clients
          .driver()
          .sendToQueue(producer, OutgoingMessage.to(topic, "m" + i), clients.brokerName(), queueId);
    }
    clients.stop(producer);
  }

  /** Leaves the group with all of these consumed and nobody there. */
  private String consumeAndStop(String group, String topic, int count) {
    String consumer = clients.push(group, topic);
    soon().until(() -> clients.driver().received(consumer).size() == count);
    clients.stop(consumer);
    return consumer;
  }
}
