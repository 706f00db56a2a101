package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.namesrv.kv.DiskKvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.namesrv.kv.KvFiles;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.KvKeyHeader;
import io.escrowmq.remoting.header.PutKvConfigHeader;
import io.escrowmq.remoting.header.RegisterBrokerHeader;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real name server and a real client on the loopback. */
class NamesrvTest {

  private static final Machine<KvFiles> MACHINE =
      new Machine<>(DiskKvFile::open, TestNetwork.REAL, TestMachine.REAL);

  @TempDir
  Path directory;

  private final RemotingClient client = TestNetwork.client();

  @AfterEach
  void closeClient() {
    client.close();
  }

  @Test
  void shouldAnswerWithTheRouteThatABrokerRegistered() {
    try (Namesrv namesrv = started(null)) {
      // given
      Answer registered = call(
          client, namesrv, RequestCode.REGISTER_BROKER, ByHand.header("a", 0), topics(1, "T", "U"));

      // when
      Answer route = route(namesrv, "T");

      // then
      assertThat(registered.isOk()).isTrue();
      assertThat(new String(route.body(), UTF_8)).contains("\"0\":\"a-0.test:10911\"");
      assertThat(route(namesrv, "Unknown").code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST.number());
    }
  }

  @Test
  void shouldForgetABrokerAsSoonAsItsConnectionIsGone() {
    try (Namesrv namesrv = started(null)) {
      // given
      RemotingClient broker = TestNetwork.client();
      call(broker, namesrv, RequestCode.REGISTER_BROKER, ByHand.header("a", 0), topics(1, "T"));
      assertThat(route(namesrv, "T").isOk()).isTrue();

      // when
      broker.close();

      // then
      await().until(() -> !route(namesrv, "T").isOk());
    }
  }

  @Test
  void shouldKnowItsConfigurationAfterARestart() {
    // given
    try (Namesrv namesrv = started(directory)) {
      call(
          client,
          namesrv,
          RequestCode.PUT_KV_CONFIG,
          new PutKvConfigHeader("ORDER_TOPIC_CONFIG", "T", "a:4"),
          "");
    }

    // when
    try (Namesrv namesrv = started(directory)) {
      Answer value = call(
          client,
          namesrv,
          RequestCode.GET_KV_CONFIG,
          new KvKeyHeader("ORDER_TOPIC_CONFIG", "T"),
          "");
      call(client, namesrv, RequestCode.REGISTER_BROKER, ByHand.header("a", 0), topics(1, "T"));

      // then
      assertThat(value.fields().text("value")).isEqualTo("a:4");
      assertThat(new String(route(namesrv, "T").body(), UTF_8))
          .contains("\"orderTopicConf\":\"a:4\"");
    }
  }

  @Test
  void shouldRefuseAnAddressOrADirectoryThatIsTaken() {
    try (Namesrv namesrv = started(directory)) {
      NamesrvSettings sameAddress = NamesrvSettings.of(namesrv.address(), null);
      NamesrvSettings sameDirectory = NamesrvSettings.of(anyPort(), directory);

      assertThatThrownBy(() -> new Namesrv(sameDirectory, MACHINE))
          .isInstanceOf(KvFileException.class);
      try (Namesrv second = new Namesrv(sameAddress, MACHINE)) {
        assertThatThrownBy(second::start).isInstanceOf(RemotingException.class);
      }
    }
  }

  @Test
  void shouldNotSupportWhatIsNoNameServersBusiness() {
    try (Namesrv namesrv = started(null)) {
      // when
      Answer answer = call(client, namesrv, RequestCode.PULL_MESSAGE, WireHeader.NONE, "");

      // then
      assertThat(answer.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED.number());
    }
  }

  @Test
  void shouldServeAHundredThousandTopics() {
    try (Namesrv namesrv = started(null)) {
      // given
      List<String> names =
          IntStream.range(0, 100_000).mapToObj(i -> "orders-of-customer-" + i).toList();
      byte[] registration = Bodies.compressed(1, names, names.size());

      // when: each has 20 s; a cost that grew with the square would take minutes
      Answer first = register(namesrv, registration);
      Answer again = register(namesrv, registration);

      // then
      assertThat(first.isOk() && again.isOk()).isTrue();
      assertThat(route(namesrv, names.get(99_999)).isOk()).isTrue();
    }
  }

  private Answer register(Namesrv namesrv, byte[] compressed) {
    RegisterBrokerHeader plain = ByHand.header("a", 0);
    RegisterBrokerHeader header = new RegisterBrokerHeader(
        plain.brokerName(),
        plain.brokerAddress(),
        plain.cluster(),
        plain.haAddress(),
        0,
        120_000,
        false,
        true,
        0,
        false,
        null);
    return client
        .call(
            address(namesrv),
            new Request(RequestCode.REGISTER_BROKER, header, Body.of(compressed)),
            Duration.ofSeconds(20))
        .toCompletableFuture()
        .join();
  }

  private Answer route(Namesrv namesrv, String topic) {
    return call(
        client, namesrv, RequestCode.GET_ROUTEINFO_BY_TOPIC, new GetRouteHeader(topic, true), "");
  }

  private static Answer call(
      RemotingClient client, Namesrv namesrv, RequestCode code, WireHeader header, String body) {
    return client
        .call(
            address(namesrv),
            new Request(code, header, Body.of(body.getBytes(UTF_8))),
            Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }

  private static Namesrv started(@Nullable Path stateDirectory) {
    Namesrv namesrv = new Namesrv(NamesrvSettings.of(anyPort(), stateDirectory), MACHINE);
    namesrv.start();
    return namesrv;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static String address(Namesrv namesrv) {
    return "127.0.0.1:" + namesrv.address().getPort();
  }
}
