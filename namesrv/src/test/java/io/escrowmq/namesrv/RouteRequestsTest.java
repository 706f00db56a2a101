package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerMemberGroupHeader;
import io.escrowmq.remoting.header.ClusterHeader;
import org.junit.jupiter.api.Test;

class RouteRequestsTest {

  private final ByHand namesrv = new ByHand();

  @Test
  void shouldNameTheTopicThatNobodyHasAndWhatThereIs() {
    // given
    namesrv.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));

    // when
    FakeCall call = namesrv.route("Mistyped");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(call.reply().remark()).contains("'Mistyped'", "1 brokers with 2 topics");
  }

  @Test
  void shouldShowTheCluster() {
    // given: namesrv.md 5
    namesrv.register(new FakeConnection(), "broker-a", 0, topics(1, "T", "U"));
    namesrv.register(new FakeConnection(), "broker-a", 1, topics(1, "T", "U"));

    // when
    FakeCall call = namesrv.call(RequestCode.GET_BROKER_CLUSTER_INFO, WireHeader.NONE);

    // then
    assertThat(call.replyBody())
        .isEqualTo("{\"brokerAddrTable\":{\"broker-a\":{\"brokerAddrs\":{"
            + "\"0\":\"broker-a-0.test:10911\",\"1\":\"broker-a-1.test:10911\"},"
            + "\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
            + "\"enableActingMaster\":false}},"
            + "\"clusterAddrTable\":{\"DefaultCluster\":[\"broker-a\"]}}");
  }

  @Test
  void shouldListTopics() {
    // given
    namesrv.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));

    // when
    FakeCall all = namesrv.call(RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, WireHeader.NONE);
    FakeCall here =
        namesrv.call(RequestCode.GET_TOPICS_BY_CLUSTER, new ClusterHeader("DefaultCluster"));
    FakeCall elsewhere =
        namesrv.call(RequestCode.GET_TOPICS_BY_CLUSTER, new ClusterHeader("Other"));
    FakeCall unit = namesrv.call(RequestCode.GET_UNIT_TOPIC_LIST, WireHeader.NONE);
    FakeCall system = namesrv.call(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS, WireHeader.NONE);

    // then
    assertThat(all.replyBody()).isEqualTo("{\"topicList\":[\"T\",\"U\"]}");
    assertThat(here.replyBody()).isEqualTo(all.replyBody());
    assertThat(elsewhere.replyBody()).isEqualTo("{\"topicList\":[]}");
    assertThat(unit.replyBody()).isEqualTo("{\"topicList\":[]}");
    assertThat(system.replyBody())
        .isEqualTo("{\"topicList\":[\"DefaultCluster\",\"a\"],\"brokerAddr\":\"a-0.test:10911\"}");
  }

  @Test
  void shouldShowTheMembersOfAGroupOrNothing() {
    // given
    namesrv.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));

    // when
    FakeCall known = namesrv.call(
        RequestCode.GET_BROKER_MEMBER_GROUP, new BrokerMemberGroupHeader("DefaultCluster", "a"));
    FakeCall unknown = namesrv.call(
        RequestCode.GET_BROKER_MEMBER_GROUP, new BrokerMemberGroupHeader("Other", "a"));

    // then
    assertThat(known.replyBody())
        .isEqualTo("{\"brokerMemberGroup\":{\"brokerAddrs\":{\"0\":\"a-0.test:10911\"},"
            + "\"brokerName\":\"a\",\"cluster\":\"DefaultCluster\"}}");
    assertThat(unknown.replyBody()).isEqualTo("{}");
  }
}
