package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerProfile;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pulls that want what an SQL92 expression is true of. */
class SqlPullTest {

  private static final int WAIT_MILLIS = 15_000;
  private static final int MOST_BYTES_READ = 2_000;

  private final TestLog broker = new TestLog();
  private final FakeConnection connection = new FakeConnection();
  private final ClientRegistry clients = new ClientRegistry(HeapBudget.unbounded());
  private PullHandler pulls =
      handler(new PullSettings(32, 32, 64 * 1024, 100, MOST_BYTES_READ, 512 * 1024, 1 << 20, 10));

  private PullHandler handler(PullSettings settings) {
    return TestPulls.over(broker, clients, settings);
  }

  @BeforeEach
  void createTopic() {
    broker.createTopic("orders", 1);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldBringOnlyWhatTheExpressionIsTrueOf() {
    // given
    send("cheap", 5);
    send("dear", 500);
    send("fair", 50);
    broker.send("orders", 0, "priceless", "", 0);

    // when
    FakeCall call = pull(0, "price > 10");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.replyBody())
        .containsSubsequence("dear", "fair")
        .doesNotContain("cheap", "priceless");
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "4");
  }

  @Test
  void shouldMoveOnWhenNothingMatches() {
    // given
    send("cheap", 5);
    send("cheaper", 4);

    // when
    FakeCall call = pull(0, "price > 10");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.PULL_RETRY_IMMEDIATELY);
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "2");
  }

  @Test
  void shouldReadThroughSoManyBytesAndNoMoreBeforeItAnswers() {
    // given
    for (int i = 0; i < 50; i++) {
      send("cheap", 5);
    }

    // when
    FakeCall call = pull(0, "price > 10");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.PULL_RETRY_IMMEDIATELY);
    assertThat(Integer.parseInt(call.replyFields().get("nextBeginOffset")))
        .isBetween(MOST_BYTES_READ / 400, MOST_BYTES_READ / 150);
  }

  /** Each message costs more than a pull may: whatever it finds, an answer follows after one. */
  @Test
  void shouldJudgeOnlyAsManyMessagesAsItsBudgetOfWorkAllowsAndGoOnBehindThem() {
    // given
    pulls = handler(PullSettings.DEFAULT);
    String sought = "a".repeat(700) + "b";
    String expensive =
        "P CONTAINS '" + sought + "'" + (" OR P CONTAINS '" + sought + "'").repeat(19);
    for (int i = 0; i < 139; i++) {
      broker.send("orders", 0, "m" + i, "P\u0001" + "a".repeat(30_000) + "\u0002", 0);
    }
    broker.send("orders", 0, "wanted", "P\u0001" + "a".repeat(29_000) + "b\u0002", 0);

    // when
    long offset = 0;
    FakeCall call = pull(offset, expensive);
    while (call.replyCode() == ResponseCode.PULL_RETRY_IMMEDIATELY) {
      long next = Long.parseLong(call.replyFields().get("nextBeginOffset"));
      assertThat(next).isEqualTo(offset + 1);
      offset = next;
      call = pull(offset, expensive);
    }

    // then
    assertThat(offset).isEqualTo(139);
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.replyBody()).contains("wanted");
  }

  @Test
  void shouldGiveWayToOtherConnectionsAfterMuchWorkAndOnlyThen() {
    // given
    pulls = handler(PullSettings.DEFAULT);
    broker.send("orders", 0, "long", "P\u0001" + "a".repeat(30_000) + "\u0002", 0);
    send("dear", 500);
    String sought = "P CONTAINS '" + "a".repeat(30) + "b'";

    // when
    FakeCall much = pull(0, sought + (" OR " + sought).repeat(9));
    FakeCall little = pull(1, "price > 10");

    // then
    assertThat(much.givesWay()).isTrue();
    assertThat(little.givesWay()).isFalse();
  }

  @Test
  void shouldGiveWayAlsoWhenItHasWaited() {
    // given
    String sought = "P CONTAINS '" + "a".repeat(30) + "b'";
    FakeCall call = waitFor(sought + (" OR " + sought).repeat(9));

    // when
    broker.send("orders", 0, "long", "P\u0001" + "a".repeat(30_000) + "\u0002", 0);
    arrived();

    // then
    assertThat(call.givesWay()).isTrue();
  }

  @Test
  void shouldJudgeNothingForAConsumerThatHasLeft() {
    // given
    FakeCall call = waitFor("price > 10");
    send("dear", 500);
    connection.close();

    // when
    arrived();

    // then
    assertThat(call.isAnswered()).isFalse();
    assertThat(pulls.pulls().waiting()).isZero();
  }

  @Test
  void shouldForgetAQueueOnWhichNothingWaitsAnyMore() {
    // given
    FakeCall call = waitFor("price > 10");
    pulls.pulls().onTick();
    int before = pulls.pulls().waitedOn();

    // when
    broker.clock.advance(WAIT_MILLIS);
    pulls.pulls().onTick();
    pulls.pulls().onTick();

    // then
    assertThat(call.isAnswered()).isTrue();
    assertThat(before).isEqualTo(1);
    assertThat(pulls.pulls().waitedOn()).isZero();
  }

  @Test
  void shouldWaitOnUntilSomethingMatches() {
    // given
    FakeCall call = waitFor("price > 10");

    // when
    send("cheap", 5);
    arrived();

    // then
    assertThat(call.isAnswered()).isFalse();
    assertThat(pulls.pulls().waiting()).isEqualTo(1);

    // when
    send("dear", 500);
    arrived();

    // then
    assertThat(call.replyBody()).contains("dear").doesNotContain("cheap");
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "2");
    assertThat(pulls.pulls().waiting()).isZero();
  }

  @Test
  void shouldSayHowFarItReadWhenTheDeadlineComes() {
    // given
    FakeCall call = waitFor("price > 10");
    send("cheap", 5);
    arrived();

    // when
    broker.clock.advance(WAIT_MILLIS);
    pulls.pulls().onTick();

    // then
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "1");
  }

  @Test
  void shouldTakeTheExpressionOfTheGroup() {
    // given
    subscribe("price > 10", 7);
    send("cheap", 5);
    send("dear", 500);

    // when
    FakeCall call = pullAsSubscribed(7);

    // then
    assertThat(call.replyBody()).contains("dear").doesNotContain("cheap");
  }

  @Test
  void shouldLetTheLaterOfTwoMembersDecide() {
    // given
    send("cheap", 5);
    send("dear", 500);
    subscribe("price > 10", 8);
    subscribe("price < 10", 7);

    // when
    FakeCall earlier = pullAsSubscribed(7);
    FakeCall later = pullAsSubscribed(8);

    // then
    assertThat(earlier.replyBody()).contains("dear").doesNotContain("cheap");
    assertThat(later.replyBody()).contains("dear").doesNotContain("cheap");
  }

  @Test
  void shouldFollowTheGroupWhileItWaits() {
    // given
    subscribe("price < 10", 7);
    FakeCall call = pull(0, null, 7, PullFlags.SUSPEND);

    // when
    subscribe("price > 10", 8);
    send("cheap", 5);
    send("dear", 500);
    arrived();

    // then
    assertThat(call.replyBody()).contains("dear").doesNotContain("cheap");
  }

  @Test
  void shouldTakeWhatThePullSaysRatherThanTheGroup() {
    // given
    subscribe("price > 10", 7);
    send("cheap", 5);
    send("dear", 500);

    // when
    FakeCall other = pull(0, "price < 10");
    FakeCall same = pull(0, "price > 10");

    // then
    assertThat(other.replyBody()).contains("cheap").doesNotContain("dear");
    assertThat(same.replyBody()).contains("dear").doesNotContain("cheap");
  }

  @Test
  void shouldRefuseAnExpressionOfThePullThatCannotBeRead() {
    // given
    subscribe("price >", 7);

    // when
    FakeCall call = pull(0, "price >");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
    assertThat(call.reply().remark()).contains("'price >'").contains("column 8");
  }

  @Test
  void shouldRefuseAGroupThatHasNoFilterOrAnOldOne() {
    // when
    FakeCall none = pullAsSubscribed(7);
    subscribe("price > 10", 7);
    FakeCall old = pullAsSubscribed(8);
    subscribe("price >", 9);
    FakeCall bad = pullAsSubscribed(9);

    // then
    assertThat(none.replyCode()).isEqualTo(ResponseCode.SUBSCRIPTION_NOT_EXIST);
    assertThat(old.replyCode()).isEqualTo(ResponseCode.SUBSCRIPTION_NOT_LATEST);
    assertThat(bad.replyCode()).isEqualTo(ResponseCode.FILTER_DATA_NOT_EXIST);
    assertThat(bad.reply().remark()).contains("column 8");
  }

  private void send(String body, int price) {
    broker.send("orders", 0, body, "price\u0001" + price + "\u0002", 0);
  }

  private void arrived() {
    pulls.pulls().arrivals().arrived(broker.queues.obtain("orders", 0));
  }

  private void subscribe(String expression, long version) {
    clients.registerConsumer(
        "group",
        new ConsumerProfile("CONSUME_PASSIVELY", "CLUSTERING", "CONSUME_FROM_FIRST_OFFSET"),
        List.of(Subscription.parse("orders", expression, "SQL92", version)),
        TestMembers.of("client", connection, 0));
  }

  private FakeCall pull(long offset, String expression) {
    return pull(offset, expression, 0, PullFlags.SUBSCRIPTION);
  }

  private FakeCall waitFor(String expression) {
    return pull(0, expression, 0, PullFlags.SUBSCRIPTION | PullFlags.SUSPEND);
  }

  private FakeCall pullAsSubscribed(long version) {
    return pull(0, null, version, 0);
  }

  private FakeCall pull(long offset, @Nullable String expression, long version, int flags) {
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE, connection);
    PullMessageHeader header = new PullMessageHeader(
        "group",
        "orders",
        0,
        offset,
        32,
        flags,
        0,
        WAIT_MILLIS,
        expression,
        version,
        expression == null ? null : "SQL92",
        Integer.MAX_VALUE);
    pulls.accept(call, header);
    return call;
  }
}
