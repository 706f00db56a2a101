package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Consumers that say with SQL92 what they want. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
final class SqlSubscriptionsTest {

  private static final String LAST = "the last one";
  private static final String OR_LAST = " OR last IS NOT NULL";
  private static final int SUBSCRIPTION_PARSE_FAILED = 23;

  @AutoClose
  private final Clients clients;

  SqlSubscriptionsTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldDeliverWhatTheExpressionIsTrueOf() {
    // given
    String topic = clients.freshTopic(1);
    Map<String, List<String>> wanted = Map.of(
        "price > 100", List.of("dear"),
        "price BETWEEN 10 AND 100", List.of("fair"),
        "region IN ('eu', 'us')", List.of("cheap", "fair"),
        "region IS NULL AND price IS NOT NULL", List.of("dear"),
        "TAGS = 'new' AND NOT (region = 'us')", List.of("cheap"),
        "urgent = TRUE OR price < -1.5", List.of("dear", "refund"));
    Map<String, String> consumers = new HashMap<>();
    wanted.keySet().forEach(sql -> consumers.put(sql, push(topic, sql, UnaryOperator.identity())));

    // when
    send(
        OutgoingMessage.to(topic, "cheap").tagged("new").with("price", "5").with("region", "eu"),
        OutgoingMessage.to(topic, "fair").tagged("new").with("price", "50").with("region", "us"),
        OutgoingMessage.to(topic, "dear").with("price", "500").with("urgent", "true"),
        OutgoingMessage.to(topic, "refund").with("price", "-20").with("region", "asia"),
        OutgoingMessage.to(topic, "priceless").with("region", "asia"),
        last(topic));

    // then
    wanted.forEach((sql, bodies) -> awaitOnly(consumers.get(sql), bodies));
  }

  @Test
  void shouldKeepTheOrderOfWhatMatches() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = push(topic, "n > 3 AND n <> 7", PushPlan::inOrder);

    // when
    String producer = clients.producer();
    for (int n = 0; n < 10; n++) {
      clients
          .driver()
          .send(producer, OutgoingMessage.to(topic, "m" + n).with("n", Integer.toString(n)));
    }
    send(last(topic));

    // then
    soon()
        .untilAsserted(
            () -> assertThat(bodies(consumer)).containsExactly("m4", "m5", "m6", "m8", "m9", LAST));
  }

  @Test
  void shouldGiveAFailedMessageBackToItsGroup() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = push(topic, "n = 1", plan -> plan.failing(1, -1, 1));

    // when
    send(
        OutgoingMessage.to(topic, "again").with("n", "1"),
        OutgoingMessage.to(topic, "no").with("n", "2"));

    // then
    soon().untilAsserted(() -> assertThat(bodies(consumer)).containsExactly("again", "again"));
    assertThat(clients.driver().received(consumer).get(1).reconsumeTimes()).isEqualTo(1);
  }

  @Test
  void shouldFilterDelayedAndTransactionalMessages() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = push(topic, "n = 1", UnaryOperator.identity());
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.ROLLBACK));

    // when
    for (String n : List.of("1", "2")) {
      send(OutgoingMessage.to(topic, "delayed " + n).with("n", n).delayed(1));
      clients
          .driver()
          .sendInTransaction(
              producer, OutgoingMessage.to(topic, "paid " + n).with("n", n), LocalOutcome.COMMIT);
    }
    send(last(topic).delayed(2));

    // then
    awaitOnly(consumer, List.of("paid 1", "delayed 1"));
  }

  @Test
  void shouldTakeANewExpressionFromTheGroupAndShowIt() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String before = clients.push(group, topic, plan -> plan.wanting(MessageFilter.sql("n = 1")));
    send(OutgoingMessage.to(topic, "one").with("n", "1"));
    soon().untilAsserted(() -> assertThat(bodies(before)).containsExactly("one"));
    clients.stop(before);

    // when
    String after = clients.push(group, topic, plan -> plan.wanting(MessageFilter.sql("n = 2")));
    send(
        OutgoingMessage.to(topic, "no").with("n", "1"),
        OutgoingMessage.to(topic, "two").with("n", "2"));

    // then
    soon().untilAsserted(() -> assertThat(bodies(after)).containsExactly("two"));
    assertThat(clients.mqadmin("consumerConnection", "-g", group)).contains("n = 2");
  }

  @Test
  void shouldFailTheStartOfAConsumerWhoseExpressionCannotBeRead() {
    // given
    String topic = clients.freshTopic(1);

    // then
    assertThatThrownBy(() -> clients.push(
            clients.freshGroup(), topic, plan -> plan.wanting(MessageFilter.sql("price >"))))
        .isInstanceOfSatisfying(DriverException.class, failure -> {
          assertThat(failure.type()).isEqualTo("MQClientException");
          assertThat(failure.responseCode()).isEqualTo(SUBSCRIPTION_PARSE_FAILED);
        })
        .hasMessageContaining("price >");
  }

  @Test
  void shouldFilterWhatIsPulled() {
    // given
    String topic = clients.freshTopic(1);
    send(
        OutgoingMessage.to(topic, "one").with("n", "1"),
        OutgoingMessage.to(topic, "two").with("n", "2"),
        OutgoingMessage.to(topic, "other").with("n", "x"));
    String puller = clients.pull(clients.freshGroup());

    // when
    PullAnswer found = soon()
        .ignoreExceptionsMatching(SqlSubscriptionsTest::isTooEarly)
        .until(() -> pull(puller, topic, "n > 1"), pulled -> true);
    PullAnswer nothing = pull(puller, topic, "n > 2");

    // then
    assertThat(found.status()).isEqualTo("FOUND");
    assertThat(found.messages()).extracting(ReceivedMessage::body).containsExactly("two");
    assertThat(found.nextOffset()).isEqualTo(3);
    assertThat(nothing.status()).isEqualTo("NO_MATCHED_MSG");
    assertThat(nothing.nextOffset()).isEqualTo(3);
    assertThatThrownBy(() -> pull(puller, topic, "n >"))
        .isInstanceOfSatisfying(
            DriverException.class,
            failure -> assertThat(failure.responseCode()).isEqualTo(SUBSCRIPTION_PARSE_FAILED));
  }

  @Test
  void shouldFilterWhatIsPolled() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.litePull(
        clients.freshGroup(), topic, MessageFilter.sql("n IN ('1', '3')" + OR_LAST));

    // when
    send(
        OutgoingMessage.to(topic, "one").with("n", "1"),
        OutgoingMessage.to(topic, "two").with("n", "2"),
        OutgoingMessage.to(topic, "three").with("n", "3"),
        last(topic));

    // then
    List<String> polled = new ArrayList<>();
    soon().until(() -> {
      clients.driver().poll(consumer, 200).forEach(message -> polled.add(message.body()));
      return polled.contains(LAST);
    });
    assertThat(polled).containsExactly("one", "three", LAST);
  }

  /** A consumer in a group of its own that also wants the message behind all others. */
  private String push(String topic, String sql, UnaryOperator<PushPlan> how) {
    return clients.push(
        clients.freshGroup(),
        topic,
        plan -> how.apply(plan.wanting(MessageFilter.sql("(" + sql + ")" + OR_LAST))));
  }

  private static OutgoingMessage last(String topic) {
    return OutgoingMessage.to(topic, LAST).with("last", "yes");
  }

  private void send(OutgoingMessage... messages) {
    String producer = clients.producer();
    for (OutgoingMessage message : messages) {
      clients.driver().send(producer, message);
    }
  }

  private PullAnswer pull(String puller, String topic, String sql) {
    return clients
        .driver()
        .pull(puller, topic, clients.brokerName(), 0, MessageFilter.sql(sql), 0, 32);
  }

  /** A client sends no SQL92 expression before a heartbeat's answer has told it the broker's version. */
  private static boolean isTooEarly(Throwable failure) {
    return failure.getMessage().contains("does not upgrade to support for filter message by SQL92");
  }

  private void awaitOnly(String consumer, List<String> expected) {
    List<String> all = new ArrayList<>(expected);
    all.add(LAST);
    soon()
        .untilAsserted(() -> assertThat(bodies(consumer)).containsExactlyInAnyOrderElementsOf(all));
  }

  private List<String> bodies(String consumer) {
    return clients.driver().received(consumer).stream()
        .map(ReceivedMessage::body)
        .toList();
  }
}
