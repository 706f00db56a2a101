package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.header;
import static io.escrowmq.namesrv.ByHand.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerHeartbeatHeader;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import io.escrowmq.remoting.header.UnregisterBrokerHeader;
import org.junit.jupiter.api.Test;

/** How long a broker counts as alive, and what ends that. */
class RegistrationLeasesTest {

  private final ByHand namesrv = new ByHand();
  private final FakeConnection connection = new FakeConnection();

  @Test
  void shouldForgetABrokerThatSaysNothingForItsLeaseAndCloseItsConnection() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T"));

    // when
    namesrv.advance(119);
    boolean isThereJustBefore = namesrv.route("T").replyCode() == ResponseCode.SUCCESS;
    namesrv.advance(1);

    // then
    assertThat(isThereJustBefore).isTrue();
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void shouldKeepABrokerThatGivesSignsOfLife() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // when: each of the three signs after 100 s
    namesrv.advance(100);
    namesrv.call(
        RequestCode.BROKER_HEARTBEAT,
        new BrokerHeartbeatHeader("DefaultCluster", "a-0.test:10911", "a", 0, 120_000));
    namesrv.advance(100);
    namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("a"), version(1));
    namesrv.advance(100);
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));
    namesrv.advance(100);

    // then
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldForgetABrokerAtOnceWhenItsConnectionCloses() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T"));
    FakeConnection newer = new FakeConnection();
    namesrv.register(new FakeConnection(), "b", 0, topics(1, "U"));
    namesrv.register(newer, "b", 0, topics(1, "U"));

    // when
    connection.close();
    namesrv.loop.turn();

    // then
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(namesrv.route("U").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldTieABrokerToTheConnectionOfItsLastRegistration() {
    // given
    FakeConnection newer = new FakeConnection();
    namesrv.register(connection, "a", 0, topics(1, "T"));
    namesrv.register(newer, "a", 0, topics(1, "T"));

    // when
    connection.close();
    namesrv.loop.turn();

    // then
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.SUCCESS);

    // when
    newer.close();
    namesrv.loop.turn();

    // then
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void shouldForgetABrokerWhoseConnectionClosedBeforeItsTurnCame() {
    // given
    namesrv.send(
        connection, RequestCode.REGISTER_BROKER, header("a", 0), topics(1, "T").getBytes(UTF_8));
    connection.close();

    // when
    namesrv.loop.turn();

    // then
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void shouldForgetABrokerThatLeaves() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T"));

    // when
    FakeCall farewell = namesrv.call(
        RequestCode.UNREGISTER_BROKER,
        new UnregisterBrokerHeader("a", "a-0.test:10911", "DefaultCluster", 0));

    // then
    assertThat(farewell.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  private static QueryDataVersionHeader queryVersion(String name) {
    return new QueryDataVersionHeader(name, name + "-0.test:10911", "DefaultCluster", 0);
  }

  private static String version(int counter) {
    return "{\"counter\":" + counter + ",\"stateVersion\":0,\"timestamp\":1700000000000}";
  }
}
