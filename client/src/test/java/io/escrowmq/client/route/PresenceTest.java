package io.escrowmq.client.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PresenceTest {

  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final ConsumerEntry STOCK =
      new ConsumerEntry("stock", "CONSUME_PASSIVELY", "CLUSTERING", "X", List.of(), false);

  private final ManualTimer timer = new ManualTimer();
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE));
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 1, "a", "b");
  private final Routes routes = names.routes(timer);
  private final Presence presence =
      new Presence(network, timer, routes, "me", EVERY, Duration.ofSeconds(3));

  private List<String> greeted() {
    return network.sent(RequestCode.HEART_BEAT).stream()
        .map(SentRequest::address)
        .toList();
  }

  @Test
  void shouldGreetNobodyWithoutAGroup() {
    // given
    presence.start();

    // when
    routes.find("orders");
    timer.advance(EVERY);

    // then
    assertThat(greeted()).isEmpty();
  }

  @Test
  void shouldGreetABrokerAsSoonAsItIsKnown() {
    // given
    presence.addProducer("shop");

    // when
    routes.find("orders");

    // then
    assertThat(greeted()).containsExactlyInAnyOrder("a:1", "b:1");
    Heartbeat heartbeat = Heartbeat.read(network.last(RequestCode.HEART_BEAT).body());
    assertThat(heartbeat.clientId()).isEqualTo("me");
    assertThat(heartbeat.producerGroups()).containsExactly("shop");
  }

  @Test
  void shouldGreetAgainFromTimeToTime() {
    // given
    presence.start();
    presence.addProducer("shop");
    routes.find("orders");

    // when
    timer.advance(EVERY.multipliedBy(2));

    // then
    assertThat(greeted()).hasSize(6);
  }

  @Test
  void shouldComeBackAfterALostConnection() {
    // given
    presence.addProducer("shop");
    routes.find("orders");

    // when
    network.lose("a:1");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(greeted()).hasSize(3).endsWith("a:1");
  }

  @Test
  void shouldComeBackUntilTheBrokerIsBack() {
    // given
    presence.addProducer("shop");
    routes.find("orders");
    network.down("a:1");

    // when
    network.lose("a:1");
    timer.advance(Duration.ofSeconds(3));

    // then
    assertThat(greeted()).hasSize(5).endsWith("a:1", "a:1", "a:1");

    // when
    network.up("a:1");
    timer.advance(Duration.ofSeconds(3));

    // then
    assertThat(greeted()).hasSize(6).endsWith("a:1");
  }

  @Test
  void shouldNotComeBackToABrokerThatHasLeft() {
    // given
    presence.addProducer("shop");
    routes.find("orders");
    names.with("orders", 1, "b");
    routes.refresh("orders");

    // when
    network.lose("a:1");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(greeted()).hasSize(2);
  }

  @Test
  void shouldGreetSlavesOnlyForConsumers() {
    // given
    names.withSlave("audit", "c");
    routes.find("audit");

    // when
    presence.addProducer("shop");
    presence.addConsumer("stock", () -> STOCK);
    presence.beat();

    // then
    assertThat(greeted()).containsExactly("c:1", "c:1", "c:2");
  }

  @Test
  void shouldLeaveAGroupWithItsLastProducer() {
    // given
    routes.find("orders");
    presence.addProducer("shop");
    presence.addProducer("shop");

    // when
    presence.removeProducer("shop");
    int early = network.sent(RequestCode.UNREGISTER_CLIENT).size();
    presence.removeProducer("shop");

    // then
    assertThat(early).isZero();
    assertThat(network.sent(RequestCode.UNREGISTER_CLIENT))
        .hasSize(2)
        .allMatch(sent -> sent.fields().get("producerGroup").equals("shop"));
  }

  @Test
  void shouldRefuseASecondConsumerOfAGroup() {
    // given
    presence.addConsumer("stock", () -> STOCK);

    // when, then
    assertThatThrownBy(() -> presence.addConsumer("stock", () -> STOCK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stock");
  }
}
