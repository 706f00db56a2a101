package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.NoRequesterException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.Reply;
import io.escrowmq.client.ReplyTimeoutException;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.TestDelivery;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and replies, on a network and a clock that the test moves. */
final class RequestReplyTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ManualTimer timer = new ManualTimer();
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE));
  private final FakeRoutes names =
      new FakeRoutes(network).with("orders", 4, "a").with("shop_REPLY_TOPIC", 1, "a");
  private final Routes routes = names.routes(timer);
  private final Presence presence =
      new Presence(network, timer, routes, "me", Duration.ofSeconds(30), TIMEOUT);
  private final WaitingReplies replies = new WaitingReplies();
  private final OpenRequests openRequests =
      new OpenRequests(replies, timer, TestMachine.REAL.chance(), routes, presence);
  private final ServerRequests serverRequests = new ServerRequests(replies);
  private final GroupProducer producer = new GroupProducer(
      new ClientParts(
          new Cluster(
              TestMachine.REAL.loops(),
              network,
              timer,
              routes,
              presence,
              serverRequests,
              new BlockingCalls(TestMachine.REAL.loops(), network),
              TIMEOUT),
          new Sender(network, timer, routes),
          openRequests,
          new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, InstantSource.system())),
      new ProducerSettings("shop", TIMEOUT, 0, 1 << 20, Duration.ZERO, 1_000, BodyCompression.NONE),
      closed -> {});

  RequestReplyTest() {
    producer.start();
  }

  @Test
  void shouldEndWithTheReplyToItsOwnRequest() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored());
    CompletableFuture<Reply> first = ask();
    CompletableFuture<Reply> second = ask();

    // when
    replies.replied(replyTo(requests().get(1)), bytes("to the second"));

    // then
    assertThat(first).isNotDone();
    assertThat(second.join().text()).isEqualTo("to the second");
    assertThat(second.join().property("own")).isEqualTo("value");
  }

  @Test
  void shouldSayWhoAsksAndHowLongItWaits() {
    // when
    CompletableFuture<Reply> unused = ask();

    // then
    String properties = propertiesOf(requests().get(0));
    assertThat(Properties.value(properties, "REPLY_TO_CLIENT")).isEqualTo("me");
    assertThat(Properties.value(properties, "TTL")).isEqualTo("5000");
    assertThat(Properties.value(properties, "CORRELATION_ID")).isNotBlank();
  }

  /** The reply may come through any of them. */
  @Test
  void shouldGreetTheBrokersBeforeTheRequestIsSent() {
    // when
    CompletableFuture<Reply> unused = ask();

    // then
    assertThat(network.order(List.of(RequestCode.HEART_BEAT, RequestCode.SEND_MESSAGE_V2)))
        .startsWith(RequestCode.HEART_BEAT)
        .endsWith(RequestCode.SEND_MESSAGE_V2);
  }

  @Test
  void shouldFailWhenNoReplyComesInTime() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored());
    CompletableFuture<Reply> reply = ask();

    // when
    timer.advance(PATIENCE);
    replies.replied(replyTo(requests().get(0)), bytes("too late"));

    // then
    assertThat(failure(reply))
        .isInstanceOfSatisfying(
            ReplyTimeoutException.class,
            why -> assertThat(why.mayHaveHappened()).isTrue())
        .hasMessageContaining("orders")
        .hasMessageContaining("5000 ms");
  }

  @Test
  void shouldSayThatNothingWasSentWhenTheBrokersDoNotAnswerAGreeting() {
    // given
    FakeNetwork silent = new FakeNetwork();
    Routes found = new FakeRoutes(silent).with("orders", 4, "a").routes(timer);
    Presence unheard = new Presence(silent, timer, found, "me", Duration.ofSeconds(30), TIMEOUT);
    unheard.addProducer("shop");
    AtomicInteger sends = new AtomicInteger();
    OpenRequests open =
        new OpenRequests(new WaitingReplies(), timer, TestMachine.REAL.chance(), found, unheard);
    CompletionStage<Reply> reply = open.ask("orders", PATIENCE, properties -> {
      sends.incrementAndGet();
      return new CompletableFuture<>();
    });

    // when
    timer.advance(PATIENCE);
    silent
        .sent(RequestCode.HEART_BEAT)
        .forEach(beat -> beat.answer(FakeNetwork.ok(WireHeader.NONE)));

    // then
    assertThat(failure(reply))
        .isInstanceOfSatisfying(
            NotWritableException.class, why -> assertThat(why.mayHaveHappened()).isFalse());
    assertThat(sends).as("nobody waits for the reply any more").hasValue(0);
  }

  @Test
  void shouldNotSayThatABrokerHasTheRequestBeforeOneHasConfirmedIt() {
    // given
    CompletableFuture<Reply> lost = ask();
    CompletableFuture<Reply> late = ask();

    // when
    timer.advance(PATIENCE);
    requests().get(0).fail(Reason.TIMED_OUT);
    requests().get(1).answer(stored());

    // then
    assertThat(failure(lost)).isInstanceOf(SendTimeoutException.class);
    assertThat(failure(late)).isInstanceOf(ReplyTimeoutException.class);
  }

  @Test
  void shouldFailAsTheSendDoes() {
    // given
    CompletableFuture<Reply> reply = ask();

    // when
    requests().get(0).fail(Reason.TIMED_OUT);

    // then
    assertThat(failure(reply)).isInstanceOf(SendTimeoutException.class);
  }

  /** The answer to the send may be overtaken by the reply. */
  @Test
  void shouldTakeTheReplyThatComesBeforeTheConfirmation() {
    // given
    CompletableFuture<Reply> reply = ask();

    // when
    replies.replied(replyTo(requests().get(0)), bytes("quick"));
    requests().get(0).answer(stored());

    // then
    assertThat(reply.join().text()).isEqualTo("quick");
  }

  @Test
  void shouldDropASecondReplyAndOneThatNobodyWaitsFor() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored());
    CompletableFuture<Reply> reply = ask();

    // when
    replies.replied(replyTo(requests().get(0)), bytes("one"));
    replies.replied(replyTo(requests().get(0)), bytes("two"));
    replies.replied(pushed("CORRELATION_ID\u0001unknown\u0002"), bytes("three"));
    replies.replied(pushed(""), bytes("four"));

    // then
    assertThat(reply.join().text()).isEqualTo("one");
  }

  @Test
  void shouldRefuseRequestsBeyondItsBound() {
    // given
    OpenRequests three = new OpenRequests(
        new WaitingReplies(), timer, TestMachine.REAL.chance(), routes, presence, 3);
    for (int i = 0; i < 3; i++) {
      three.ask("orders", PATIENCE, properties -> CompletableFuture.completedFuture(null));
    }

    // when, then
    assertThatThrownBy(
            () -> three.ask("orders", PATIENCE, more -> CompletableFuture.completedFuture(null)))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("3 requests");
    timer.advance(PATIENCE);
    CompletionStage<Reply> afterwards =
        three.ask("orders", PATIENCE, properties -> CompletableFuture.completedFuture(null));
    assertThat(afterwards.toCompletableFuture()).isNotDone();
  }

  @Test
  void shouldEndOpenRequestsWhenTheClientCloses() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored());
    CompletableFuture<Reply> reply = ask();

    // when
    openRequests.close();

    // then
    assertThat(failure(reply)).isInstanceOf(ClosedException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 86_400_001})
  void shouldRefuseATimeoutOutsideOfItsLimits(long millis) {
    assertThatThrownBy(() -> producer.requestAsync(message(), Duration.ofMillis(millis)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 ms to 1 day");
  }

  @Test
  void shouldSendAReplyToTheTopicOfTheRequestersCluster() {
    // when
    CompletableFuture<Void> done =
        producer.replyAsync(new TestDelivery(COMPLETE), bytes("the answer")).toCompletableFuture();
    SentRequest sent = network.last(RequestCode.SEND_REPLY_MESSAGE_V2);
    sent.answer(stored());

    // then
    assertThat(done).isCompleted();
    assertThat(sent.fields()).containsEntry("b", "shop_REPLY_TOPIC");
    assertThat(new String(sent.body(), StandardCharsets.UTF_8)).isEqualTo("the answer");
    String properties = propertiesOf(sent);
    assertThat(Properties.value(properties, "MSG_TYPE")).isEqualTo("reply");
    assertThat(Properties.value(properties, "CORRELATION_ID")).isEqualTo("c-1");
    assertThat(Properties.value(properties, "REPLY_TO_CLIENT")).isEqualTo("asker@1");
    assertThat(Properties.value(properties, "TTL")).isEqualTo("3000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLUSTER", "CORRELATION_ID", "REPLY_TO_CLIENT"})
  void shouldRefuseToReplyToWhatIsNoRequest(String missing) {
    // given
    Map<String, String> properties = new java.util.HashMap<>(COMPLETE);
    properties.remove(missing);

    // when
    CompletionStage<Void> done = producer.replyAsync(new TestDelivery(properties), bytes("x"));

    // then
    assertThat(failure(done))
        .isInstanceOf(NoRequesterException.class)
        .hasMessageContaining(missing);
    assertThat(network.sent(RequestCode.SEND_REPLY_MESSAGE_V2)).isEmpty();
  }

  @Test
  void shouldSayThatTheRequesterIsGone() {
    // when
    CompletionStage<Void> done = producer.replyAsync(new TestDelivery(COMPLETE), bytes("x"));
    network
        .last(RequestCode.SEND_REPLY_MESSAGE_V2)
        .answer(FakeNetwork.refused(ResponseCode.SYSTEM_ERROR));

    // then
    assertThat(failure(done)).isInstanceOf(NoRequesterException.class);
  }

  @Test
  void shouldSayOfOtherFailuresWhatTheyAre() {
    // when
    CompletionStage<Void> done = producer.replyAsync(new TestDelivery(COMPLETE), bytes("x"));
    network.last(RequestCode.SEND_REPLY_MESSAGE_V2).fail(Reason.TIMED_OUT);

    // then
    assertThat(failure(done))
        .isInstanceOf(EscrowException.class)
        .isNotInstanceOf(NoRequesterException.class);
  }

  private static final Map<String, String> COMPLETE = Map.of(
      "CLUSTER", "shop", "CORRELATION_ID", "c-1", "REPLY_TO_CLIENT", "asker@1", "TTL", "3000");

  private CompletableFuture<Reply> ask() {
    return producer.requestAsync(message(), PATIENCE).toCompletableFuture();
  }

  private static Message message() {
    return Message.to("orders").body("question");
  }

  private List<SentRequest> requests() {
    return network.sent(RequestCode.SEND_MESSAGE_V2);
  }

  private static String propertiesOf(SentRequest sent) {
    return String.valueOf(sent.fields().get("i"));
  }

  private static PushReplyHeader replyTo(SentRequest request) {
    String id = Properties.value(propertiesOf(request), "CORRELATION_ID");
    return pushed("CORRELATION_ID\u0001" + id + "\u0002own\u0001value\u0002");
  }

  private static PushReplyHeader pushed(String properties) {
    SendMessageHeader sent = new SendMessageHeader(
        "r", "shop_REPLY_TOPIC", "TBW102", 4, 0, 0, 7, 0, properties, 0, false, -1, false);
    return new PushReplyHeader(sent, "10.0.0.1:1", "10.0.0.2:2", 8);
  }

  private static io.escrowmq.remoting.Answer stored() {
    return FakeNetwork.ok(new SendResponseHeader("0", 0, 0, null, null, "r", true));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Throwable failure(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    assertThat(future).isCompletedExceptionally();
    return future.handle((result, failure) -> failure).join();
  }
}
