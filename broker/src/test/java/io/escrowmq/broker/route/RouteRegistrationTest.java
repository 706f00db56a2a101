package io.escrowmq.broker.route;

import static io.escrowmq.remoting.code.RequestCode.QUERY_DATA_VERSION;
import static io.escrowmq.remoting.code.RequestCode.REGISTER_BROKER;
import static io.escrowmq.remoting.code.RequestCode.UNREGISTER_BROKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.Registration;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteRegistrationTest {

  private static final String A = "127.0.0.1:9876";
  private static final String B = "127.0.0.1:9877";

  @AutoClose
  private final TestLog broker = new TestLog();

  private final FakeNameServers servers = new FakeNameServers();
  private final RouteRegistration routes = new RouteRegistration(
      new BrokerIdentity("broker-a", "DefaultCluster", "127.0.0.1:10911", 0),
      List.of(A, B),
      new TopicsOfCatalog(broker.topics),
      servers,
      broker.clock.ticker());
  private int woken;

  @BeforeEach
  void register() {
    broker.createTopic("T", 4);
    routes.turnedBy(() -> woken++);
    routes.registerNow().toCompletableFuture().join();
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
    FakeNameServers.Told told = servers.told.get(0);
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
  void shouldRegisterAgainWhenTopicsChange() {
    // given
    broker.createTopic("U", 1);

    // when
    routes.topicsChanged();
    turn();

    // then
    assertThat(woken).isPositive();
    assertThat(servers.count(A, REGISTER_BROKER)).isEqualTo(2);
    assertThat(servers.count(B, REGISTER_BROKER)).isEqualTo(2);
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
    CompletableFuture<List<String>> done = routes.spread().toCompletableFuture();
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
    CompletableFuture<List<String>> done = routes.spread().toCompletableFuture();
    turn();

    // then
    assertThat(done).isCompletedWithValue(List.of(A));
  }

  @Test
  void shouldWaitTwoSecondsForANameServerThatDoesNotAnswer() {
    // given
    servers.silent.add(B);
    broker.createTopic("U", 1);
    CompletableFuture<List<String>> done = routes.spread().toCompletableFuture();
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
    RouteRegistration alone = new RouteRegistration(
        new BrokerIdentity("broker-a", "DefaultCluster", "127.0.0.1:10911", 0),
        List.of(),
        new TopicsOfCatalog(broker.topics),
        servers,
        broker.clock.ticker());

    // then
    assertThat(alone.spread().toCompletableFuture()).isCompletedWithValue(List.of());
  }

  @Test
  void shouldRegisterAsManyTopicsAsFitAFrame() {
    // given
    for (int i = 0; i < 300; i++) {
      broker.createTopic("topic-" + Integer.toHexString(i * 7919), 4);
    }
    int mostBytes =
        new TopicsOfCatalog(broker.topics).registration(broker.topics.version()).body().length - 1;

    // when
    TopicsToRegister.Told exactly =
        new TopicsOfCatalog(broker.topics, mostBytes + 1).registration(broker.topics.version());
    TopicsToRegister.Told some =
        new TopicsOfCatalog(broker.topics, mostBytes).registration(broker.topics.version());

    // then
    assertThat(exactly.leftOut()).isZero();
    assertThat(some.leftOut()).isBetween(1, 100);
    assertThat(some.body().length).isBetween(mostBytes / 2, mostBytes);
  }
}
