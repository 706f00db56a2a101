package io.escrowmq.broker.route;

import static io.escrowmq.remoting.code.RequestCode.CHANGE_TOPICS;
import static io.escrowmq.remoting.code.RequestCode.QUERY_DATA_VERSION;
import static io.escrowmq.remoting.code.RequestCode.REGISTER_BROKER;
import static io.escrowmq.remoting.code.RequestCode.REGISTER_TOPIC_IN_NAMESRV;
import static io.escrowmq.remoting.code.RequestCode.UNREGISTER_BROKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.store.RecordKind;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteRegistrationTest {

  private static final String A = "127.0.0.1:9876";
  private static final String B = "127.0.0.1:9877";

  @AutoClose
  private final TestLog broker = new TestLog();

  private final FakeNameServers servers = new FakeNameServers();
  private int woken;
  private final RouteNews news = new RouteNews(List.of(A, B), broker.clock.ticker(), () -> woken++);
  private final RouteRegistration routes = new RouteRegistration(
      new BrokerIdentity("broker-a", "DefaultCluster", "127.0.0.1:10911", 0),
      news,
      () -> new TopicsOfCatalog(broker.topics, 0),
      servers,
      broker.clock.ticker());

  @BeforeEach
  void register() {
    broker.createTopic("T", 4);
    routes.registerNow().toCompletableFuture().join();
  }

  private CompletionStage<List<String>> spread() {
    return news.spread(broker.topics.version());
  }

  private void turn() {
    while (routes.turn() > 0) {
      // until nothing is due
    }
  }

  @Test
  void shouldRegisterEverywhereAtTheStart() throws IOException {
    // then
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(1);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(1);
    FakeNameServers.ReceivedRequest told = servers.told.get(0);
    assertThat(told.fields())
        .containsEntry("brokerName", "broker-a")
        .containsEntry("brokerAddr", "127.0.0.1:10911")
        .containsEntry("clusterName", "DefaultCluster")
        .containsEntry("compressed", "true")
        .containsEntry("bodyCrc32", Integer.toString(Registration.crc(told.body())));
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(told.body())))) {
      assertThat(DataVersion.read(in.readNBytes(in.readInt())).counter()).isEqualTo(1);
      List<String> topics = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        topics.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
      }
      assertThat(topics)
          .hasSameSizeAs(broker.topics.all())
          .contains("T 4 4 6 SINGLE_TAG {}", "SELF_TEST_TOPIC 1 1 6 SINGLE_TAG {}");
    }
  }

  @Test
  void shouldTellNothingButWhatHasChanged() {
    // given
    broker.createTopic("U", 1);
    broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), "T")));

    // when
    news.topicsChanged();
    turn();

    // then
    assertThat(woken).isPositive();
    for (String address : List.of(A, B)) {
      assertThat(servers.count(address, REGISTER_BROKER)).isEqualTo(1);
      assertThat(servers.count(address, CHANGE_TOPICS)).isEqualTo(1);
    }
    TopicUpdates told =
        TopicUpdates.read(servers.told.get(servers.told.size() - 1).body());
    assertThat(told.since().counter()).isEqualTo(1);
    assertThat(told.version().counter()).isEqualTo(3);
    assertThat(told.topics()).containsOnlyKeys("U");
    assertThat(told.gone()).containsExactly("T");
  }

  @Test
  void shouldTellAllTopicsToANameServerThatKnowsAnotherVersion() {
    // given
    servers.forgetful.add(B);
    broker.createTopic("U", 1);

    // when
    routes.turn();
    routes.turn();

    // then
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(1);
    assertThat(servers.count(B, CHANGE_TOPICS)).isEqualTo(1);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"500, 1, 1", "501, 0, 2"})
  void shouldTellAllTopicsWhenManyChanged(int topics, long changes, long registrations) {
    // given
    for (int i = 0; i < topics; i++) {
      broker.createTopic("U" + i, 1);
    }

    // when
    turn();

    // then
    assertThat(servers.count(A, CHANGE_TOPICS)).isEqualTo(changes);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(registrations);
  }

  @Test
  void shouldTellRocketMqsNameServersSingleTopicsAndAllTenSecondsLater() {
    // given
    servers.unknown.add(CHANGE_TOPICS);
    broker.createTopic("U", 1);

    // when
    CompletableFuture<List<String>> done = spread().toCompletableFuture();
    turn();

    // then
    assertThat(done).isCompletedWithValue(List.of());
    assertThat(servers.count(A, REGISTER_TOPIC_IN_NAMESRV)).isEqualTo(1);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(1);

    // when: their version is still that of before
    servers.forgetful.add(A);
    broker.clock.advance(10_000);
    turn();

    // then
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(2);
  }

  @Test
  void shouldTellAllTopicsWhereNothingElseIsUnderstood() {
    // given
    servers.unknown.addAll(List.of(CHANGE_TOPICS, REGISTER_TOPIC_IN_NAMESRV));
    broker.createTopic("U", 1);
    turn();

    // when
    broker.createTopic("V", 1);
    turn();

    // then: it is tried once
    assertThat(servers.count(A, CHANGE_TOPICS)).isEqualTo(1);
    assertThat(servers.count(A, REGISTER_TOPIC_IN_NAMESRV)).isEqualTo(1);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(3);
  }

  @Test
  void shouldAskEveryTenSecondsAndRegisterWhereSomethingElseIsKnown() {
    // given
    servers.forgetful.add(B);
    broker.clock.advance(10_000);

    // when
    turn();

    // then
    assertThat(servers.count(A, QUERY_DATA_VERSION)).isEqualTo(1);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(1);
    assertThat(servers.count(B, QUERY_DATA_VERSION)).isEqualTo(1);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(2);
  }

  @Test
  void shouldRegisterAgainAtOnceWhereTheConnectionBroke() {
    // given
    int before = woken;

    // when
    servers.lose(A);
    turn();

    // then
    assertThat(woken).isGreaterThan(before);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(2);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(1);
  }

  @Test
  void shouldTryEverySecondUntilANameServerIsBack() {
    // given
    servers.down.add(A);
    servers.lose(A);
    turn();
    broker.clock.advance(999);
    turn();
    servers.down.clear();

    // when
    turn();
    long early = servers.count(A, REGISTER_BROKER);
    broker.clock.advance(1);
    turn();

    // then
    assertThat(early).isEqualTo(1);
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(2);
  }

  @Test
  void shouldSayGoodbyeEverywhereEvenWhenOneDoesNotAnswer() {
    // given
    servers.down.add(A);

    // when
    routes.unregister();

    // then
    assertThat(servers.count(B, UNREGISTER_BROKER)).isEqualTo(1);
  }

  @Test
  void shouldTellWhoWaitsWhenAllNameServersKnow() {
    // given
    broker.createTopic("U", 1);

    // when
    CompletableFuture<List<String>> done = spread().toCompletableFuture();
    boolean early = done.isDone();
    turn();

    // then
    assertThat(early).isFalse();
    assertThat(done).isCompletedWithValue(List.of());
  }

  @Test
  void shouldNotWaitForANameServerThatCannotBeReached() {
    // given
    servers.down.add(A);
    servers.lose(A);
    turn();
    broker.createTopic("U", 1);

    // when
    CompletableFuture<List<String>> done = spread().toCompletableFuture();
    turn();

    // then
    assertThat(done).isCompletedWithValue(List.of(A));
  }

  @Test
  void shouldWaitTwoSecondsForANameServerThatDoesNotAnswer() {
    // given
    servers.silent.add(B);
    broker.createTopic("U", 1);
    CompletableFuture<List<String>> done = spread().toCompletableFuture();
    turn();

    // when
    broker.clock.advance(1_999);
    turn();
    boolean early = done.isDone();
    long due = routes.nextMillis();
    broker.clock.advance(1);
    turn();

    // then
    assertThat(early).isFalse();
    assertThat(due).isEqualTo(broker.clock.millis());
    assertThat(done).isCompletedWithValue(List.of(B));
  }

  @Test
  void shouldAnswerAtOnceWithoutNameServers() {
    // given
    RouteNews alone = new RouteNews(List.of(), broker.clock.ticker(), () -> {});

    // then
    assertThat(alone.spread(broker.topics.version()).toCompletableFuture())
        .isCompletedWithValue(List.of());
  }

  @Test
  void shouldRegisterAsManyTopicsAsFitAFrame() {
    // given
    for (int i = 0; i < 300; i++) {
      broker.createTopic("topic-" + Integer.toHexString(i * 7919), 4);
    }
    int mostBytes = new TopicsOfCatalog(broker.topics, 0)
            .registration(broker.topics.version())
            .body()
            .length
        - 1;

    // when
    TopicsToRegister.RegistrationBody exactly =
        new TopicsOfCatalog(broker.topics, 0, mostBytes + 1).registration(broker.topics.version());
    TopicsToRegister.RegistrationBody some =
        new TopicsOfCatalog(broker.topics, 0, mostBytes).registration(broker.topics.version());

    // then
    assertThat(exactly.leftOut()).isZero();
    assertThat(some.leftOut()).isBetween(1, 100);
    assertThat(some.body().length).isBetween(mostBytes / 2, mostBytes);
  }

  /** A name server that is told nothing any more forgets this broker, and clients find no route. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTellANameServerAgainAfterAFailureInARequestOrInItsAnswer(boolean inTheAnswer) {
    // given
    Set<String> failing = inTheAnswer ? servers.confused : servers.unspeakable;
    failing.add(A);
    broker.clock.advance(10_000);
    turn();
    broker.clock.advance(1_000);
    turn();
    long toldB = servers.count(B, QUERY_DATA_VERSION);

    // when
    failing.clear();
    broker.clock.advance(1_000);
    turn();

    // then
    assertThat(servers.count(A, REGISTER_BROKER)).isGreaterThan(1);
    assertThat(toldB).as("the other one is told meanwhile").isPositive();
  }

  @Test
  void shouldTellThatItGoesAndNothingMoreUntilItServesAgain() {
    // when
    routes.serve(false);
    broker.createTopic("U", 1);
    news.topicsChanged();
    turn();
    broker.clock.advance(60_000);
    turn();

    // then
    for (String address : List.of(A, B)) {
      assertThat(servers.count(address, UNREGISTER_BROKER)).isEqualTo(1);
      assertThat(servers.count(address, REGISTER_BROKER)).isEqualTo(1);
      assertThat(servers.count(address, CHANGE_TOPICS)).isZero();
      assertThat(servers.count(address, QUERY_DATA_VERSION)).isZero();
    }

    // when
    routes.serve(true);
    turn();

    // then
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(2);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(2);
  }
}
