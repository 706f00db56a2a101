package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ClusterHeader;
import io.escrowmq.remoting.header.PutKvConfigHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRequestsTest {

  private final ByHand namesrv = new ByHand();

  @Test
  void shouldShowWhatMayBeChangedAndNoPath() {
    // when
    FakeCall call = namesrv.call(RequestCode.GET_NAMESRV_CONFIG, WireHeader.NONE);

    // then
    assertThat(call.replyBody().lines())
        .contains("enableAllTopicList=true", "enableTopicList=true", "orderMessageEnable=true")
        .noneMatch(line -> line.contains("/"));
  }

  @Test
  void shouldFollowAChangedOption() {
    // given
    namesrv.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));
    namesrv.call(
        RequestCode.PUT_KV_CONFIG, new PutKvConfigHeader("ORDER_TOPIC_CONFIG", "T", "a:4"));

    // when
    FakeCall call =
        update("orderMessageEnable=false\nenableAllTopicList = false\n" + "enableTopicList=false");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("T").replyBody()).doesNotContain("orderTopicConf");
    assertThat(namesrv
            .call(RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, WireHeader.NONE)
            .replyCode())
        .isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(namesrv
            .call(RequestCode.GET_TOPICS_BY_CLUSTER, new ClusterHeader("DefaultCluster"))
            .reply()
            .remark())
        .contains("enableTopicList");
  }

  @ParameterizedTest
  @ValueSource(strings = {"configBlackList", "configStorePath", "kvConfigPath", "rocketmqHome"})
  void shouldNeverLetAPathBeChanged(String option) {
    assertThat(update(option + "=/somewhere").replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
  }

  @ParameterizedTest
  @CsvSource({
    "bindAddress=0.0.0.0, cannot be changed",
    "nonsense=1, cannot be changed",
    "orderMessageEnable=yes, is true or false",
    "orderMessageEnable=\\u00zz, not readable"
  })
  void shouldRefuseWhatIsNoChangeableOption(String line, String remark) {
    // when
    FakeCall call = update(line);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(remark);
  }

  @Test
  void shouldChangeNothingWhenOneOptionIsRefused() {
    // when
    update("enableTopicList=false\nnonsense=1");

    // then
    assertThat(namesrv.loop.switches().topicLists()).isTrue();
  }

  private FakeCall update(String lines) {
    return namesrv.call(
        new FakeConnection(), RequestCode.UPDATE_NAMESRV_CONFIG, WireHeader.NONE, lines);
  }
}
