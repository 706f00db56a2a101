package io.escrowmq.client.pull;

import static io.escrowmq.client.pull.StoredMessages.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.Filter;
import io.escrowmq.client.InterruptedWaitException;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.runtime.TestMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A polled member of a group, on a broker that a test plays and a clock that it moves. */
final class PollingConsumerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ManualTimer timer = new ManualTimer();
  private final List<String> members = new ArrayList<>(List.of("me"));
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UPDATE_CONSUMER_OFFSET, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(
          RequestCode.QUERY_CONSUMER_OFFSET, sent -> FakeNetwork.ok(new OffsetResponseHeader(10)))
      .answering(
          RequestCode.GET_CONSUMER_LIST_BY_GROUP,
          sent -> FakeNetwork.ok(WireHeader.NONE, new ConsumerIds(members).toBytes()));
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 1, "a");
  private final Routes routes = names.routes(timer);
  private final PollingConsumer consumer = new PollingConsumer(
      new Cluster(
          TestMachine.REAL.loops(),
          network,
          timer,
          routes,
          new Presence(network, timer, routes, "me", Duration.ofSeconds(30), TIMEOUT),
          new ServerRequests((header, body) -> {}),
          new BlockingCalls(TestMachine.REAL.loops(), network),
          TIMEOUT),
      new PullSettings(
          "stock",
          Map.of("orders", Filter.all()),
          Set.of(),
          StartFrom.end(),
          2,
          ConsumerLimits.DEFAULT),
      closed -> {});

  PollingConsumerTest() {
    consumer.start();
    timer.advance(Duration.ofMillis(1));
  }

  /** Answers the newest pull with messages up to this offset. */
  private void bring(long to) {
    SentRequest pull = network.last(RequestCode.PULL_MESSAGE);
    long from = Long.parseLong(pull.fields().get("queueOffset"));
    pull.answer(FakeNetwork.ok(
        new PullResponseHeader(0, to, 0, 100), StoredMessages.messages(QUEUE, from, to)));
  }

  private List<String> poll() {
    return consumer.poll(Duration.ZERO).stream().map(Delivery::text).toList();
  }

  @Test
  void shouldPollWhatWasPulled() {
    // given
    bring(13);

    // when, then
    assertThat(poll()).containsExactly("m10", "m11");
    assertThat(poll()).containsExactly("m12");
    assertThat(poll()).isEmpty();
  }

  @Test
  void shouldCommitWhatWasPolled() {
    // given
    bring(13);
    poll();

    // when
    consumer.commit();

    // then
    assertThat(network.last(RequestCode.UPDATE_CONSUMER_OFFSET).fields())
        .containsEntry("commitOffset", "12");
  }

  @Test
  void shouldReadNothingOfAQueueThatAnotherMemberHasTaken() {
    // given
    bring(13);

    // when
    members.add(0, "a");
    timer.advance(Duration.ofSeconds(20));

    // then
    assertThat(consumer.queues()).isEmpty();
    assertThat(poll()).isEmpty();
    assertThatThrownBy(() -> consumer.position(new TopicQueue("orders", "a", 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldEndAPollThatWaitsWhenMessagesCome() throws Exception {
    // given
    CompletableFuture<List<Delivery>> polled = new CompletableFuture<>();
    Thread polling = new Thread(() -> polled.complete(consumer.poll(Duration.ofMinutes(1))));
    polling.start();

    // when
    bring(11);

    // then
    assertThat(polled.get(30, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void shouldEndAPollThatWaitsWhenClosed() throws InterruptedException {
    // given
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread polling = new Thread(() -> {
      try {
        consumer.poll(Duration.ofMinutes(1));
      } catch (RuntimeException e) {
        ended.complete(e);
      }
    });
    polling.start();

    // when
    consumer.close();

    // then
    polling.join(Duration.ofSeconds(30).toMillis());
    assertThat(ended).isCompletedWithValueMatching(ClosedException.class::isInstance);
  }

  @Test
  void shouldHearAnInterruptAlsoWhenThereIsAlwaysSomethingToPoll() {
    // given
    bring(13);
    Thread.currentThread().interrupt();

    // when, then
    assertThatThrownBy(() -> poll()).isInstanceOf(InterruptedWaitException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(poll()).hasSize(2);
  }
}
