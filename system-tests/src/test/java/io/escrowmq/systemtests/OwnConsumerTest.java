package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Compression;
import io.escrowmq.client.Consumer;
import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.Filter;
import io.escrowmq.client.FilterRefusedException;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our push consumers are given by real brokers. */
@SystemTest
final class OwnConsumerTest {

  @AutoClose
  private final OwnClients clients;

  OwnConsumerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldDeliverWhatOthersSent() {
    // given
    String topic = clients.freshTopic(2);
    String sender = clients.others().producer();
    Inbox inbox = new Inbox();
    clients.consumer(clients.freshGroup(), topic).handler(inbox).start();

    // when
    clients
        .others()
        .driver()
        .send(sender, OutgoingMessage.to(topic, "one teapot").tagged("placed"));

    // then
    soon().until(() -> inbox.deliveries().size() == 1);
    Delivery delivery = inbox.deliveries().get(0);
    assertThat(delivery.text()).isEqualTo("one teapot");
    assertThat(delivery.topic()).isEqualTo(topic);
    assertThat(delivery.tag()).isEqualTo("placed");
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.location()).hasSize(32);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldReadCompressedBodies(Compression compression) {
    // given
    String topic = clients.freshTopic(1);
    String body = "the same again and again, ".repeat(200);
    Inbox inbox = new Inbox();
    clients.consumer(clients.freshGroup(), topic).handler(inbox).start();

    // when
    clients
        .client()
        .producer()
        .compression(compression, 1_000)
        .build()
        .send(Message.to(topic).body(body));

    // then
    soon().untilAsserted(() -> assertThat(inbox.bodies()).containsExactly(body));
  }

  @Test
  void shouldBeginWithWhatIsSentFromNowOnByDefault() {
    // given
    String topic = clients.freshTopic(1);
    Producer producer = clients.producer();
    producer.send(Message.to(topic).body("long ago"));
    Inbox inbox = new Inbox();
    Consumer consumer = clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic)
        .handler(inbox)
        .start();
    soon()
        .until(() -> consumer.queues().stream().anyMatch(queue -> queue.topic().equals(topic)));

    // when, then
    soon().until(() -> {
      producer.send(Message.to(topic).body("now"));
      return !inbox.deliveries().isEmpty();
    });
    assertThat(Set.copyOf(inbox.bodies())).containsExactly("now");
  }

  @Test
  void shouldDeliverOnlyTheTagsAskedFor() {
    // given
    String topic = clients.freshTopic(2);
    Inbox some = new Inbox();
    Inbox all = new Inbox();
    clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.tags("Aa", "red"))
        .startFrom(StartFrom.begin())
        .handler(some)
        .start();
    clients.consumer(clients.freshGroup(), topic).handler(all).start();

    // when
    Producer producer = clients.producer();
    for (String tag : List.of("red", "green", "Aa", "BB")) { // the last two have the same hash
      producer.send(Message.to(topic).tag(tag).body("is " + tag));
    }
    producer.send(Message.to(topic).body("untagged"));

    // then
    soon().until(() -> all.deliveries().size() == 5);
    soon()
        .untilAsserted(
            () -> assertThat(some.bodies()).containsExactlyInAnyOrder("is red", "is Aa"));
  }

  @Test
  void shouldDeliverOnlyWhatTheConditionWants() {
    // given
    String topic = clients.freshTopic(2);
    Inbox some = new Inbox();
    Inbox all = new Inbox();
    clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.sql("price > 10 AND region IN ('north', 'east')"))
        .startFrom(StartFrom.begin())
        .handler(some)
        .start();
    clients.consumer(clients.freshGroup(), topic).handler(all).start();

    // when
    Producer producer = clients.producer();
    producer.send(
        Message.to(topic).property("price", "9").property("region", "north").body("1"));
    producer.send(
        Message.to(topic).property("price", "12").property("region", "east").body("2"));
    producer.send(Message.to(topic).property("price", "12").body("3"));

    // then
    soon().until(() -> all.deliveries().size() == 3);
    soon().untilAsserted(() -> assertThat(some.bodies()).containsExactly("2"));
  }

  @Test
  void shouldRefuseToStartWithAConditionThatCannotBeRead() {
    // given
    String topic = clients.freshTopic(1);
    ConsumerBuilder builder = clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.sql("price >"))
        .handler(new Inbox());

    // when, then
    assertThatThrownBy(builder::start)
        .isInstanceOf(FilterRefusedException.class)
        .hasMessageContaining("price >");
  }
}
