package io.escrowmq.namesrv.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.namesrv.kv.MemoryKvFile;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.secret.Greetings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.TestMachine;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request that a controller knows, from a stranger. */
final class ControllerRequestsTest {

  private static final ControllerLoop LOOP = new ControllerLoop(
      () -> 10_000, FileConsensus.open(new MemoryKvFile(), () -> "cluster-1"), () -> {});
  private static final RequestTable TABLE = new ControllerRequests(
          LOOP,
          new Greetings(
              new ReplicaSecret("a secret of replicas".getBytes(UTF_8)),
              TestMachine.REAL.chance(),
              Side.CONTROLLER,
              Side.MEMBER))
      .table();

  static Stream<RequestCode> codes() {
    return TABLE.codes().stream().map(number -> Objects.requireNonNull(RequestCode.of(number)));
  }

  static Stream<RequestCode> codesThatWantAProof() {
    return codes().filter(code -> code != RequestCode.GREET_REPLICA);
  }

  @ParameterizedTest
  @MethodSource("codesThatWantAProof")
  void shouldRefuseWhoHasSaidNothing(RequestCode code) {
    assertRefused(code, new FakeConnection());
  }

  @ParameterizedTest
  @MethodSource("codesThatWantAProof")
  void shouldRefuseWhoHasOnlyGreeted(RequestCode code) {
    FakeConnection connection = new FakeConnection();
    assertThat(dispatch(TABLE, RequestCode.GREET_REPLICA, connection).replyCode())
        .isEqualTo(ResponseCode.SUCCESS);

    assertRefused(code, connection);
  }

  @ParameterizedTest
  @MethodSource("codesThatWantAProof")
  void shouldRefuseWhoseProofIsWrong(RequestCode code) {
    FakeConnection connection = new FakeConnection();
    dispatch(TABLE, RequestCode.GREET_REPLICA, connection);
    dispatch(TABLE, RequestCode.PROVE_REPLICA, connection);

    assertRefused(code, connection);
  }

  @ParameterizedTest
  @MethodSource("codes")
  void shouldAskThePolicyBeforeAnythingElse(RequestCode code) {
    Permission needed = Objects.requireNonNull(TABLE.permissionOf(code.number()));
    Set<Permission> others = EnumSet.complementOf(EnumSet.of(needed));
    RequestTable guarded = TABLE.behind(Gate.of(Policy.forAll(others)));

    assertThat(needed).isIn(Permission.SERVE, Permission.INSPECT, Permission.MANAGE);
    assertThat(dispatch(guarded, code, new FakeConnection()).replyCode())
        .isEqualTo(ResponseCode.NO_PERMISSION);
  }

  private static void assertRefused(RequestCode code, FakeConnection connection) {
    assertThat(dispatch(TABLE, code, connection).replyCode())
        .isEqualTo(ResponseCode.REPLICA_UNKNOWN);
    assertThat(LOOP.hasWork()).isFalse();
  }

  /** With every field that any of them needs. */
  private static FakeCall dispatch(
      RequestTable table, RequestCode code, FakeConnection connection) {
    FakeCall call = new FakeCall(code, connection)
        .with("brokerName", "broker-a")
        .with("replica", 1)
        .with("challenge", "0123456789abcdef0123456789abcdef")
        .with("proof", "0".repeat(64))
        .with("incarnation", 1)
        .with("lastEpoch", 0)
        .with("end", 0)
        .with("version", 0)
        .with("epoch", -1)
        .with("to", 1)
        .with("handOver", 0)
        .with("acceptedLoss", "a stranger accepts everything");
    table.dispatch(call);
    return call;
  }
}
