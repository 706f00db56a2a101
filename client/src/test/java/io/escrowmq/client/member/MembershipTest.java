package io.escrowmq.client.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MembershipTest {

  private final ManualTimer timer = new ManualTimer();
  private final List<String> members = new ArrayList<>(List.of("me"));
  private final FakeNetwork network = new FakeNetwork()
      .answering(
          RequestCode.GET_CONSUMER_LIST_BY_GROUP,
          sent -> FakeNetwork.ok(WireHeader.NONE, new ConsumerIds(members).toBytes()));
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 4, "a");
  private final Map<String, Set<TopicQueue>> ours = new HashMap<>();
  private final AtomicInteger unknown = new AtomicInteger();

  private Membership membership(boolean alone, String... topics) {
    Membership membership = new Membership(
        network,
        timer,
        names.routes(timer),
        new Membership.Member("stock", "me", alone, List.of(topics)),
        Duration.ofSeconds(3),
        ours::put,
        unknown::incrementAndGet);
    membership.start();
    timer.advance(Duration.ZERO);
    return membership;
  }

  @Test
  void shouldHaveAllQueuesWithoutOthers() {
    // when
    membership(false, "orders");

    // then
    assertThat(ours.get("orders")).hasSize(4);
  }

  @Test
  void shouldShareWhenOthersCome() {
    // given
    Membership membership = membership(false, "orders");

    // when
    members.add("other");
    membership.lookAgain();
    timer.advance(Duration.ZERO);

    // then
    assertThat(ours.get("orders"))
        .containsExactlyInAnyOrder(
            new TopicQueue("orders", "a", 0), new TopicQueue("orders", "a", 1));
  }

  @Test
  void shouldLookFromTimeToTime() {
    // given
    membership(false, "orders");

    // when
    members.add("other");
    timer.advance(Duration.ofSeconds(20));

    // then
    assertThat(ours.get("orders")).hasSize(2);
  }

  @Test
  void shouldKeepWhatItHasWhenItCannotFindOut() {
    // given
    membership(false, "orders");
    ours.clear();

    // when
    network.answering(
        RequestCode.GET_CONSUMER_LIST_BY_GROUP,
        sent -> FakeNetwork.refused(ResponseCode.SYSTEM_ERROR));
    timer.advance(Duration.ofSeconds(20));
    network.down("a:1");
    timer.advance(Duration.ofSeconds(20));

    // then
    assertThat(ours).isEmpty();
  }

  @Test
  void shouldIntroduceItselfToABrokerThatDoesNotKnowIt() {
    // given
    members.clear();
    members.add("other");

    // when
    membership(false, "orders");
    int told = unknown.get();
    members.add("me");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(told).isEqualTo(1);
    assertThat(ours.get("orders")).hasSize(2);
  }

  @Test
  void shouldLookSoonForATopicThatIsNotThereYet() {
    // given
    membership(false, "orders", "new");

    // when
    names.with("new", 1, "a");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(ours.get("new")).hasSize(1);
  }

  @Test
  void shouldHaveEverythingWhenEveryMemberDoes() {
    // given
    members.add("other");

    // when
    membership(true, "orders");

    // then
    assertThat(ours.get("orders")).hasSize(4);
    assertThat(network.sent(RequestCode.GET_CONSUMER_LIST_BY_GROUP)).isEmpty();
  }
}
