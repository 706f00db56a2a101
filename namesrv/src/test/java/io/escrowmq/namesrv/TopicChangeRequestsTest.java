package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicChangeRequestsTest {

  private final ByHand namesrv = new ByHand();
  private final FakeConnection connection = new FakeConnection();

  @BeforeEach
  void register() {
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));
  }

  @Test
  void shouldServeWhatHasChangedOnceItIsAnswered() {
    // when
    FakeCall answer = change(connection, 1, 2, topic("V", 4), "T");

    // then
    assertThat(answer.replyFields())
        .containsEntry("changed", "false")
        .doesNotContainKey("occupant");
    assertThat(namesrv.route("V").replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(namesrv.route("U").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldChangeNothingForABrokerWhoseTopicsAreAnother() {
    // when
    FakeCall answer = change(connection, 7, 8, topic("V", 4), "T");

    // then
    assertThat(answer.replyFields()).containsEntry("changed", "true");
    assertThat(namesrv.route("V").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldForgetABrokerWhenTheConnectionOfItsLatestChangeCloses() {
    // given
    FakeConnection later = new FakeConnection();
    change(later, 1, 2, topic("V", 4));

    // when
    later.close();
    namesrv.advance(1);

    // then
    assertThat(namesrv.route("U").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void shouldRefuseTopicsThatNobodyMayHaveAndChangeNothing() {
    // when
    FakeCall queues = change(connection, 1, 2, topic("V", -1), "T");
    FakeCall name = change(connection, 1, 2, topic("v".repeat(256), 4), "T");
    FakeCall nonsense =
        namesrv.call(connection, RequestCode.CHANGE_TOPICS, header(), "{\"topics\":[");

    // then
    assertThat(List.of(queues, name, nonsense))
        .allMatch(call -> call.replyCode() == ResponseCode.SYSTEM_ERROR);
    assertThat(queues.reply().remark()).contains("-1").contains("between 0 and");
    assertThat(name.reply().remark()).contains("256 characters");
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  private FakeCall change(
      FakeConnection over, long since, long version, TopicConfig topic, String... gone) {
    TopicUpdates change = new TopicUpdates(
        new DataVersion(since, 0, 1_700_000_000_000L),
        new DataVersion(version, 0, 1_700_000_000_000L),
        Map.of(topic.topic(), topic),
        List.of(gone));
    return namesrv.call(
        over,
        RequestCode.CHANGE_TOPICS,
        header(),
        new String(change.toBytes(), StandardCharsets.UTF_8));
  }

  private static QueryDataVersionHeader header() {
    return new QueryDataVersionHeader("a", "a-0.test:10911", "DefaultCluster", 0);
  }

  private static TopicConfig topic(String name, int queues) {
    return new TopicConfig(name, queues, queues, 6, false, 0, false, Map.of());
  }
}
