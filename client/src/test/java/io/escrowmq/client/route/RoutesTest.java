package io.escrowmq.client.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class RoutesTest {

  private final ManualTimer timer = new ManualTimer();
  private final FakeNetwork network = new FakeNetwork();
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 2, "b", "a");
  private final Routes routes = names.routes(timer);

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().getNow(null);
  }

  private int asked() {
    return network.sent(RequestCode.GET_ROUTEINFO_BY_TOPIC).size();
  }

  @Test
  void shouldListQueuesInTheOrderOfBrokersAndIds() {
    // when
    Route route = now(routes.find("orders"));

    // then
    assertThat(route.writable())
        .containsExactly(
            new TopicQueue("orders", "a", 0),
            new TopicQueue("orders", "a", 1),
            new TopicQueue("orders", "b", 0),
            new TopicQueue("orders", "b", 1));
    assertThat(route.readable()).isEqualTo(route.writable());
  }

  @Test
  void shouldOfferQueuesByPermission() {
    // given
    names.with("read-only", 1, 4, "a").with("write-only", 1, 2, "a");

    // when
    Route readOnly = now(routes.find("read-only"));
    Route writeOnly = now(routes.find("write-only"));

    // then
    assertThat(readOnly.writable()).isEmpty();
    assertThat(readOnly.readable()).hasSize(1);
    assertThat(writeOnly.writable()).hasSize(1);
    assertThat(writeOnly.readable()).isEmpty();
  }

  @Test
  void shouldAskOnceForWhatIsKnown() {
    // when
    routes.find("orders");
    routes.find("orders");
    routes.findForSending("orders");

    // then
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void shouldAssumeTheTemplatesRouteForATopicThatIsNotThereWhenSending() {
    // given
    names.with("TBW102", 8, "a");

    // when
    Route assumed = now(routes.findForSending("new"));
    Throwable consuming = routes
        .find("new")
        .handle((route, failure) -> failure)
        .toCompletableFuture()
        .join();

    // then
    assertThat(assumed.writable()).hasSize(4).allMatch(queue -> queue.topic().equals("new"));
    assertThat(consuming).isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldAwaitATopicThatASendHasCreated() {
    // given
    names.with("TBW102", 8, "a", "b");
    routes.mayHaveCreated(now(routes.findForSending("new")));

    // when
    CompletionStage<Route> found = routes.findPatiently("new");
    timer.advance(Duration.ofMillis(100));
    assertThat(found.toCompletableFuture()).isNotDone();
    names.with("new", 4, "b");
    timer.advance(Duration.ofMillis(100));

    // then
    assertThat(now(found).readable())
        .hasSize(4)
        .allMatch(queue -> queue.brokerName().equals("b"));
  }

  @Test
  void shouldNotAwaitATopicThatNobodySendsTo() {
    // given
    names.with("TBW102", 8, "a");

    // when
    CompletionStage<Route> found = routes.findPatiently("new");

    // then
    assertThat(found.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void shouldAwaitNoTopicForEver() {
    // given
    names.with("TBW102", 8, "a");
    routes.mayHaveCreated(now(routes.findForSending("new")));

    // when
    CompletionStage<Route> found = routes.findPatiently("new");
    timer.advance(Duration.ofSeconds(3));

    // then
    assertThat(found.toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldAwaitNothingWhenClosed() {
    // given
    names.with("TBW102", 8, "a");
    routes.mayHaveCreated(now(routes.findForSending("new")));
    CompletionStage<Route> begunBefore = routes.findPatiently("new");

    // when
    routes.close();
    CompletionStage<Route> begunAfter = routes.findPatiently("new");

    // then
    assertThat(begunBefore.toCompletableFuture()).isCompletedExceptionally();
    assertThat(begunAfter.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void shouldSayThatATopicIsNowhere() {
    // when
    CompletionStage<Route> stage = routes.findForSending("new");

    // then
    assertThat(stage.toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .asInstanceOf(InstanceOfAssertFactories.type(TopicNotFoundException.class))
        .satisfies(why -> {
          assertThat(why).hasMessageContaining("new").hasMessageContaining("names:1");
          assertThat(why.mayHaveHappened()).isFalse();
        });
  }

  @Test
  void shouldNoticeChangesByPolling() {
    // given
    List<Route> changes = new ArrayList<>();
    routes.onChange(changes::add);
    routes.start();
    routes.find("orders");

    // when
    timer.advance(FakeRoutes.POLL_EVERY);
    names.with("orders", 2, "b", "a", "c");
    timer.advance(FakeRoutes.POLL_EVERY);

    // then
    assertThat(changes).hasSize(2);
    assertThat(changes.get(1).writable()).hasSize(6);
    assertThat(routes.master("c")).isEqualTo("c:1");
    assertThat(routes.brokers(true)).containsExactly("a:1", "b:1", "c:1");
  }

  @Test
  void shouldKeepARouteThatCannotBeAskedFor() {
    // given
    routes.start();
    routes.find("orders");

    // when
    names.without("orders");
    timer.advance(FakeRoutes.POLL_EVERY);
    network.down("names:1");
    timer.advance(FakeRoutes.POLL_EVERY);

    // then
    assertThat(routes.known("orders")).isNotNull();
  }

  @Test
  void shouldShareOneRequestAmongThoseWhoAskAtTheSameTime() {
    // given
    FakeNetwork slow = new FakeNetwork();
    Routes waiting = new Routes(
        new NameServers(slow, List.of("n:1"), Duration.ofSeconds(3)),
        timer,
        Duration.ofSeconds(30));

    // when
    CompletionStage<Route> first = waiting.find("orders");
    CompletionStage<Route> second = waiting.find("orders");

    // then
    assertThat(slow.sent(RequestCode.GET_ROUTEINFO_BY_TOPIC)).hasSize(1);
    assertThat(second).isSameAs(first);
  }

  @Test
  void shouldFindASlaveWhereThereIsOne() {
    // given
    names.withSlave("audit", "a");
    routes.find("audit");

    // when, then
    assertThat(routes.anyOf("a", 1)).isEqualTo("a:2");
    assertThat(routes.anyOf("a", 7)).isIn("a:1", "a:2");
    assertThat(routes.anyOf("nobody", 0)).isNull();
    assertThat(routes.brokers(false)).containsExactly("a:1", "a:2");
    assertThat(routes.brokers(true)).containsExactly("a:1");
  }
}
