package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.systemtests.driver.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's tool asks brokers, and they our consumers: what it prints is held against what they do. */
@SystemTest
final class OwnConsumerAndMqadminTest {

  private static final int INVOKE_BROKER_TO_GET_CONSUMER_STATUS = 223;

  @AutoClose
  private final OwnClients clients;

  private final String topic;
  private final String group;
  private final Queue<Delivery> handled = new ConcurrentLinkedQueue<>();

  OwnConsumerAndMqadminTest(TestBed bed) {
    clients = new OwnClients(bed);
    topic = clients.freshTopic(1);
    group = clients.freshGroup();
    OwnClients.send(clients.producer(), topic, 3);
  }

  /** Has all three messages handled, and more as they come. */
  private void consume(boolean inOrder) {
    ConsumerBuilder consumer = clients.consumer(group, topic);
    if (inOrder) {
      consumer.orderlyHandler(handled::add);
    } else {
      consumer.handler(handled::add);
    }
    consumer.start();
    soon().until(() -> handled.size() == 3);
  }

  private String clientId() {
    return soon()
        .until(
            () -> mqadmin("consumerConnection", "-g", group).table("ClientId"),
            rows -> rows.size() == 1)
        .get(0)
        .get("ClientId");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellWhatAConsumerDoes(boolean inOrder) {
    // given
    consume(inOrder);

    // when
    Printout printed = mqadmin("consumerStatus", "-g", group, "-i", clientId(), "-s");

    // then
    assertThat(printed.values())
        .containsEntry("PROP_CONSUME_TYPE", "CONSUME_PASSIVELY")
        .containsEntry("PROP_CONSUMEORDERLY", Boolean.toString(inOrder));
    assertThat(printed.table("Consumer Offset"))
        .filteredOn(row -> topic.equals(row.get("Topic")))
        .singleElement()
        .satisfies(row -> assertThat(row)
            .containsEntry("Broker Name", clients.others().brokerName())
            .containsEntry("QID", "0")
            .containsEntry("Consumer Offset", "3"));
    assertThat(printed.text()).contains("cachedMsgCount=0").contains("escrowmq-client-duties");
  }

  /** The tool has the command getConsumerStatus, but in no list of those that can be called. */
  @Test
  void shouldTellHowFarAConsumerIs() {
    // given
    consume(false);
    String clientId = clientId();

    // when
    Answer answer = clients
        .others()
        .request(
            clients.others().brokerAddress(),
            INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
            Map.of("group", group, "topic", topic));

    // then
    assertThat(answer.code()).isZero();
    assertThat(answer.body())
        .contains("\"" + clientId + "\":{{")
        .contains("\"topic\":\"" + topic + "\"}:3}");
  }

  @Test
  void shouldHandleAMessageAgainWhenAnOperatorWantsIt() {
    // given
    consume(false);
    Delivery first = handled.element();

    // when
    Printout printed =
        mqadmin("queryMsgById", "-t", topic, "-i", first.location(), "-g", group, "-d", clientId());

    // then
    assertThat(printed.text()).contains("consumeResult=CR_SUCCESS");
    assertThat(handled).hasSize(4).last().extracting(Delivery::text).isEqualTo(first.text());
  }

  @Test
  void shouldTellAnOperatorWhyAMessageIsNotHandled() {
    // given
    clients
        .consumer(group, topic)
        .handler(delivery -> {
          handled.add(delivery);
          throw new IllegalStateException("out of stock");
        })
        .start();
    soon().until(() -> handled.size() == 3);
    Delivery first = handled.element();

    // when
    Printout printed =
        mqadmin("queryMsgById", "-t", topic, "-i", first.location(), "-g", group, "-d", clientId());

    // then
    assertThat(printed.text()).contains("CR_THROW_EXCEPTION").contains("out of stock");
  }

  @Test
  void shouldTellWhatAPolledConsumerHas() {
    // given
    List<TopicQueue> queues = clients.client().queuesOf(topic);
    PullConsumer polled = clients
        .client()
        .pullConsumer(group)
        .assign(queues)
        .startFrom(StartFrom.begin())
        .build();
    soon().until(() -> {
      polled.poll(Duration.ofMillis(100));
      return polled.position(queues.get(0)) == 3;
    });

    // when
    Printout printed = mqadmin("consumerStatus", "-g", group, "-i", clientId());

    // then
    assertThat(printed.values()).containsEntry("PROP_CONSUME_TYPE", "CONSUME_ACTIVELY");
    assertThat(printed.table("Consumer Offset"))
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("Consumer Offset", "3"));
  }

  private Printout mqadmin(String... arguments) {
    return new Printout(clients.others().mqadmin(arguments));
  }
}
