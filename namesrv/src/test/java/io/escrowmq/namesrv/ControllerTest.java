package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.namesrv.kv.DiskKvFile;
import io.escrowmq.namesrv.kv.KvFiles;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ElectLeaderHeader;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.header.ReplicaHeartbeatHeader;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Challenges;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.replication.Command;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.replication.CommandCodec;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Profile;
import io.escrowmq.replication.StateCodec;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real name server with a controller, asked over the loopback. */
final class ControllerTest {

  private static final Machine<KvFiles> MACHINE =
      new Machine<>(DiskKvFile::open, TestNetwork.REAL, TestMachine.REAL);
  private static final String CHALLENGE = "0123456789abcdef0123456789abcdef";
  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of replicas".getBytes(UTF_8));

  @TempDir
  private Path directory;

  private final RemotingClient client = TestNetwork.client();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldLeadTheGroupsOfReplicasThatKnowTheSecretAndRememberThem() {
    GroupState before;
    try (Namesrv namesrv = started()) {
      // given
      prove(namesrv, SECRET);

      // when
      GroupState begun = state(ask(namesrv, RequestCode.HELLO_CONTROLLER, hello()));
      await().until(() -> beat(namesrv, begun.version()).body().length > 0);
      before = state(beat(namesrv, begun.version()));

      // then
      assertThat(before.leader()).isEqualTo(new Incarnation(1, 1));
      assertThat(beat(namesrv, before.version()).body()).isEmpty();
      Answer refused = ask(namesrv, RequestCode.SET_GROUP, new SetMinInSync("broker-a", 3));
      assertThat(refused.code()).isEqualTo(ResponseCode.GROUP_REFUSED.number());
      assertThat(state(refused)).isEqualTo(before);
      assertThat(call(
                  namesrv,
                  RequestCode.ELECT_LEADER,
                  new ElectLeaderHeader("broker-a", -1, 0, false, ""),
                  new byte[0])
              .code())
          .isEqualTo(ResponseCode.GROUP_REFUSED.number());
    }
    try (Namesrv namesrv = started()) {
      prove(namesrv, SECRET);
      Answer states = call(namesrv, RequestCode.GET_GROUP_STATES, WireHeader.NONE, new byte[0]);
      assertThat(StateCodec.decodeBook(states.body()).group("broker-a")).isEqualTo(before);
    }
  }

  @Test
  void shouldTellNothingToStrangers() {
    try (Namesrv namesrv = started()) {
      assertUnknown(ask(namesrv, RequestCode.HELLO_CONTROLLER, hello()));
      assertUnknown(beat(namesrv, 0));
      assertUnknown(call(namesrv, RequestCode.GET_GROUP_STATES, WireHeader.NONE, new byte[0]));
      assertUnknown(
          prove(namesrv, new ReplicaSecret("another secret of 24 bytes".getBytes(UTF_8))));
      assertUnknown(ask(namesrv, RequestCode.HELLO_CONTROLLER, hello()));
    }
  }

  @Test
  void shouldSayWhatIsWrongWithABody() {
    try (Namesrv namesrv = started()) {
      prove(namesrv, SECRET);
      Answer other = ask(namesrv, RequestCode.HELLO_CONTROLLER, new SetMinInSync("broker-a", 1));
      Answer none =
          call(namesrv, RequestCode.ALTER_IN_SYNC, WireHeader.NONE, "no command".getBytes(UTF_8));

      assertThat(other.remark()).contains("SetMinInSync");
      assertThat(none.remark()).contains("format");
    }
  }

  private static void assertUnknown(Answer answer) {
    assertThat(answer.code()).isEqualTo(ResponseCode.REPLICA_UNKNOWN.number());
  }

  private Answer prove(Namesrv namesrv, ReplicaSecret secret) {
    Answer greeted = call(
        namesrv,
        RequestCode.GREET_REPLICA,
        new GreetReplicaHeader("broker-a", 1, CHALLENGE),
        new byte[0]);
    GreetReplicaResponseHeader answer = GreetReplicaResponseHeader.FIELDS.read(greeted.fields());
    Challenges challenges = new Challenges("broker-a", 1, CHALLENGE, answer.challenge());
    assertThat(SECRET.isProof(answer.proof(), Side.CONTROLLER, challenges)).isTrue();
    return call(
        namesrv,
        RequestCode.PROVE_REPLICA,
        new ProveReplicaHeader(secret.proof(Side.MEMBER, challenges)),
        new byte[0]);
  }

  private static Hello hello() {
    return new Hello(
        "broker-a",
        "",
        0,
        "directory-1",
        1,
        new Profile("client:1", "replica:1", "", 100),
        new Opening(new LogEnd(0, 0), OptionalLong.empty(), 12),
        1);
  }

  private Answer beat(Namesrv namesrv, long version) {
    return call(
        namesrv,
        RequestCode.HEARTBEAT_CONTROLLER,
        new ReplicaHeartbeatHeader("broker-a", 1, 1, 0, 0, version),
        new byte[0]);
  }

  private static GroupState state(Answer answer) {
    return StateCodec.decodeGroup(answer.body());
  }

  private Answer ask(Namesrv namesrv, RequestCode code, Command command) {
    return call(namesrv, code, WireHeader.NONE, CommandCodec.encode(command));
  }

  private Answer call(Namesrv namesrv, RequestCode code, WireHeader header, byte[] body) {
    return client
        .call(
            "127.0.0.1:" + namesrv.address().getPort(),
            new Request(code, header, Body.of(body)),
            Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }

  private Namesrv started() {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Namesrv namesrv =
        new Namesrv(NamesrvSettings.of(anyPort, directory).controlling(SECRET), MACHINE);
    namesrv.start();
    return namesrv;
  }
}
