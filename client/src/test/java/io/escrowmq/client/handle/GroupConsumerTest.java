package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.DecidingHandler;
import io.escrowmq.client.Filter;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.core.MemoryFiles;
import io.escrowmq.client.pull.ConsumerLimits;
import io.escrowmq.client.pull.StoredMessages;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.TestMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A whole member of a group, on a broker that a test plays and a clock that it moves. */
final class GroupConsumerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ManualTimer timer = new ManualTimer();
  private final List<String> members = new ArrayList<>(List.of("me"));
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.GET_MAX_OFFSET, sent -> FakeNetwork.ok(new OffsetResponseHeader(70)))
      .answering(RequestCode.GET_MIN_OFFSET, sent -> FakeNetwork.ok(new OffsetResponseHeader(5)))
      .answering(
          RequestCode.QUERY_CONSUMER_OFFSET,
          sent -> FakeNetwork.refused(ResponseCode.QUERY_NOT_FOUND))
      .answering(
          RequestCode.LOCK_BATCH_MQ,
          sent -> FakeNetwork.ok(
              WireHeader.NONE, new LockedQueues(QueueLock.read(sent.body()).queues()).toBytes()))
      .answering(RequestCode.CONSUMER_SEND_MSG_BACK, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(
          RequestCode.GET_CONSUMER_LIST_BY_GROUP,
          sent -> FakeNetwork.ok(WireHeader.NONE, new ConsumerIds(members).toBytes()));
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 1, "a");
  private final Routes routes = names.routes(timer);
  private final Presence presence =
      new Presence(network, timer, routes, "me", Duration.ofSeconds(30), TIMEOUT);
  private final List<String> handled = new ArrayList<>();
  private Verdict verdict = Verdict.done();

  private GroupConsumer consumer(boolean ordered) {
    DecidingHandler handler = delivery -> {
      handled.add(delivery.text());
      return verdict;
    };
    GroupConsumer consumer = new GroupConsumer(
        new Cluster(
            TestMachine.REAL.loops(),
            network,
            timer,
            routes,
            presence,
            new ServerRequests((header, body) -> {}),
            new BlockingCalls(TestMachine.REAL.loops(), network),
            TIMEOUT),
        new ConsumerSettings(
            "stock",
            Map.of("orders", Filter.tags("red", "blue")),
            handler,
            ordered,
            StartFrom.end(),
            4,
            0,
            new RetrySettings(3, null),
            ConsumerLimits.DEFAULT,
            Duration.ofSeconds(1),
            null),
        new MemoryFiles(),
        new OnThisThread(),
        closed -> {});
    consumer.start();
    timer.advance(Duration.ofMillis(1));
    return consumer;
  }

  private List<SentRequest> pulls() {
    return network.sent(RequestCode.PULL_MESSAGE);
  }

  /** Answers the newest pull with messages up to this offset. */
  private void bring(long to) {
    SentRequest pull = network.last(RequestCode.PULL_MESSAGE);
    long from = Long.parseLong(pull.fields().get("queueOffset"));
    TopicQueue queue = new TopicQueue("orders", "a", 0);
    byte[] all = new byte[0];
    for (long offset = from; offset < to; offset++) {
      byte[] one = StoredMessages.message(queue, offset, 0, "TAGS\u0001red\u0002");
      byte[] longer = Arrays.copyOf(all, all.length + one.length);
      System.arraycopy(one, 0, longer, all.length, one.length);
      all = longer;
    }
    pull.answer(FakeNetwork.ok(new PullResponseHeader(0, to, 0, 100), all));
  }

  @Test
  void shouldTellBrokersWhatItWants() {
    // when
    consumer(false);

    // then
    Heartbeat.ConsumerEntry entry =
        Heartbeat.read(network.last(RequestCode.HEART_BEAT).body()).consumers().get(0);
    assertThat(entry.group()).isEqualTo("stock");
    assertThat(entry.subscriptions())
        .extracting(SubscriptionEntry::topic)
        .containsExactlyInAnyOrder("orders", "%RETRY%stock");
    Map<String, String> pull = pulls().get(0).fields();
    assertThat(pull.get("subscription").split(" \\|\\| ")).containsExactlyInAnyOrder("red", "blue");
    assertThat(pull).containsEntry("expressionType", "TAG");
  }

  @Test
  void shouldBeginWhereTheGroupIs() {
    // given
    network.answering(
        RequestCode.QUERY_CONSUMER_OFFSET, sent -> FakeNetwork.ok(new OffsetResponseHeader(33)));

    // when
    consumer(false);

    // then
    assertThat(pulls().get(0).fields()).containsEntry("queueOffset", "33");
  }

  @Test
  void shouldBeginANewGroupWhereItWants() {
    // when
    consumer(false);

    // then
    assertThat(pulls().get(0).fields()).containsEntry("queueOffset", "70");
  }

  @Test
  void shouldBeginRetriesWithTheFirst() {
    // given
    names.with("%RETRY%stock", 1, "a");

    // when
    consumer(false);

    // then
    assertThat(pulls())
        .extracting(pull -> pull.fields().get("topic") + " " + pull.fields().get("queueOffset"))
        .containsExactlyInAnyOrder("orders 70", "%RETRY%stock 5");
  }

  @Test
  void shouldRecordWhatIsDoneOnce() {
    // given
    consumer(false);
    bring(73);

    // when
    timer.advance(Duration.ofSeconds(10));

    // then
    assertThat(handled).containsExactlyInAnyOrder("m70", "m71", "m72");
    assertThat(network.sent(RequestCode.UPDATE_CONSUMER_OFFSET))
        .extracting(sent -> sent.fields().get("commitOffset"))
        .containsExactly("73");
  }

  @Test
  void shouldGiveBackAsTheBrokerWantsIt() {
    // given
    consumer(false);
    verdict = Verdict.retry();

    // when
    bring(71);

    // then
    assertThat(network.last(RequestCode.CONSUMER_SEND_MSG_BACK).fields())
        .containsEntry("offset", "1070")
        .containsEntry("group", "stock")
        .containsEntry("delayLevel", "0")
        .containsEntry("maxReconsumeTimes", "2")
        .containsEntry("originTopic", "orders");
  }

  @Test
  void shouldRecordBeforeItGivesAQueueFree() {
    // given
    consumer(true);
    bring(72);
    List<RequestCode> codes =
        List.of(RequestCode.UPDATE_CONSUMER_OFFSET, RequestCode.UNLOCK_BATCH_MQ);

    // when: another member comes, who gets the only queue
    members.add(0, "a");
    timer.advance(Duration.ofSeconds(20));

    // then
    assertThat(network.order(codes).stream().distinct()).containsExactlyElementsOf(codes);
    assertThat(network.last(RequestCode.UPDATE_CONSUMER_OFFSET).fields())
        .containsEntry("commitOffset", "72");
  }

  @Test
  void shouldHandleNothingThatIsNotLockedForIt() {
    // given
    network.answering(
        RequestCode.LOCK_BATCH_MQ,
        sent -> FakeNetwork.ok(WireHeader.NONE, new LockedQueues(List.of()).toBytes()));

    // when
    consumer(true);
    timer.advance(Duration.ofSeconds(5));

    // then
    assertThat(pulls()).isEmpty();
  }

  @Test
  void shouldAskAgainWhereToBegin() {
    // given
    network.answering(
        RequestCode.QUERY_CONSUMER_OFFSET, sent -> FakeNetwork.refused(ResponseCode.SYSTEM_ERROR));
    consumer(false);
    int early = pulls().size();

    // when
    network.answering(
        RequestCode.QUERY_CONSUMER_OFFSET, sent -> FakeNetwork.ok(new OffsetResponseHeader(33)));
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(early).isZero();
    assertThat(pulls()).hasSize(1);
  }

  @Test
  void shouldRecordAndLeaveWhenClosed() {
    // given
    network.answering(RequestCode.UPDATE_CONSUMER_OFFSET, sent -> FakeNetwork.ok(WireHeader.NONE));
    GroupConsumer consumer = consumer(false);
    bring(72);

    // when
    consumer.close();

    // then
    List<RequestCode> codes =
        List.of(RequestCode.UPDATE_CONSUMER_OFFSET, RequestCode.UNREGISTER_CLIENT);
    assertThat(network.order(codes)).containsExactlyElementsOf(codes);
    bring(75);
    assertThat(handled).containsExactlyInAnyOrder("m70", "m71");
  }

  /** Runs what it gets at once. */
  private static final class OnThisThread implements Pool {

    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public void close() {}
  }
}
