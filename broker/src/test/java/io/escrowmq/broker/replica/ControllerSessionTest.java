package io.escrowmq.broker.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.secret.Introduction;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Profile;
import io.escrowmq.runtime.TestMachine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions with a real controller, one thread. */
class ControllerSessionTest {

  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of the group".getBytes(US_ASCII));

  /** What a replica hears and says. */
  private static final class Heard implements GroupMember.Role {

    private @Nullable GroupState state;
    private @Nullable AlterInSync proposal;
    private @Nullable String refusal;

    @Override
    public LogEnd logEnd() {
      return new LogEnd(1, 100);
    }

    @Override
    public void heard(GroupState newer) {
      state = newer;
    }

    @Override
    public @Nullable AlterInSync proposal() {
      return proposal;
    }

    @Override
    public void isRefused(String why) {
      refusal = why;
    }

    GroupState state() {
      assertThat(state).isNotNull();
      return state;
    }
  }

  private final ManualClock clock = new ManualClock(1_000_000);
  private final ControllerOfTests controller = new ControllerOfTests(SECRET, clock);
  private final Map<Heard, ControllerSession> sessions = new LinkedHashMap<>();

  private Heard session(Hello hello) {
    return session(hello, SECRET, List.of(ControllerOfTests.ADDRESS));
  }

  private Heard session(Hello hello, ReplicaSecret secret, List<String> controllers) {
    Heard heard = new Heard();
    ControllerSession session = new ControllerSession(
        controllers,
        new Introduction(
            secret, TestMachine.REAL.chance(), Side.MEMBER, Side.CONTROLLER, hello.group(), 1),
        controller.client(),
        heard,
        clock.ticker(),
        () -> {});
    session.opened(hello);
    sessions.put(heard, session);
    return heard;
  }

  private ControllerSession of(Heard heard) {
    return sessions.get(heard);
  }

  private static Hello hello(String directory, int replica, long incarnation, LogEnd log) {
    return new Hello(
        "broker-a",
        "",
        replica,
        directory,
        incarnation,
        new Profile(directory + ":1", directory + ":2", "", 100),
        new Opening(log, OptionalLong.empty(), 11),
        2);
  }

  private static Hello newcomer(String directory) {
    return hello(directory, 0, 1, new LogEnd(0, 0));
  }

  private void pass(long millis) {
    for (long end = clock.millis() + millis; clock.millis() < end; ) {
      sessions.values().forEach(ControllerSession::turn);
      controller.turn();
      clock.advance(10);
    }
  }

  @Test
  void shouldHearWhoLeads() {
    // when
    Heard first = session(newcomer("a"));
    Heard second = session(newcomer("b"));
    pass(3_000);

    // then
    assertThat(first.state().leader()).isEqualTo(new Incarnation(1, 1));
    assertThat(second.state()).isEqualTo(first.state());
    assertThat(first.state().members()).containsOnlyKeys(1, 2);
  }

  @Test
  void shouldHearOfAnotherLeaderSoonAfterOneIsSilent() {
    // given
    Heard first = session(newcomer("a"));
    Heard second = session(newcomer("b"));
    pass(3_000);
    first.proposal = new AlterInSync(
        "broker-a",
        new Incarnation(1, 1),
        first.state().epoch(),
        first.state().version(),
        new TreeMap<>(Map.of(1, 1L, 2, 1L)));
    pass(200);
    first.proposal = null;
    assertThat(second.state().inSync().replicas()).containsExactly(1, 2);
    int epoch = second.state().epoch();

    // when
    sessions.remove(first);
    pass(1_700);
    assertThat(second.state().epoch()).isEqualTo(epoch);
    pass(600);

    // then
    assertThat(second.state().leader()).isEqualTo(new Incarnation(2, 1));
    assertThat(second.state().epoch()).isEqualTo(epoch + 1);
  }

  @Test
  void shouldHandOverAtOnce() {
    // given
    Heard first = session(newcomer("a"));
    Heard second = session(newcomer("b"));
    pass(3_000);
    first.proposal = new AlterInSync(
        "broker-a",
        new Incarnation(1, 1),
        first.state().epoch(),
        first.state().version(),
        new TreeMap<>(Map.of(1, 1L, 2, 1L)));
    pass(200);
    first.proposal = null;

    // when
    of(first).resign();
    pass(250);

    // then
    assertThat(first.state().leader()).isEqualTo(new Incarnation(2, 1));
    assertThat(second.state()).isEqualTo(first.state());
  }

  @Test
  void shouldSayHelloAgainWhenTheDirectoryWasOpenedAgain() {
    // given
    Heard replica = session(newcomer("a"));
    pass(3_000);
    int epoch = replica.state().epoch();

    // when
    of(replica).closed();
    pass(300);
    of(replica).opened(hello("a", 1, 2, new LogEnd(1, 100)));
    pass(500);

    // then: it leads again, in another epoch
    assertThat(replica.state().leader()).isEqualTo(new Incarnation(1, 2));
    assertThat(replica.state().epoch()).isEqualTo(epoch + 1);
  }

  @Test
  void shouldSayNothingWhileItIsClosed() {
    // given
    Heard replica = session(newcomer("a"));
    pass(1_000);
    of(replica).closed();
    pass(100);
    controller.asked.clear();

    // when
    pass(5_000);

    // then
    assertThat(controller.asked).isEmpty();
  }

  @Test
  void shouldEndWhenAnotherDirectoryHasItsNumber() {
    // given
    session(newcomer("a"));
    pass(500);

    // when
    Heard other = session(hello("b", 1, 1, new LogEnd(1, 100)));
    pass(500);

    // then
    assertThat(other.refusal).contains("replica 1 lives in directory a, not in b");
    controller.asked.clear();
    sessions.keySet().removeIf(heard -> heard != other);
    pass(5_000);
    assertThat(controller.asked).isEmpty();
  }

  @Test
  void shouldWaitForAControllerThatKnowsTheGroup() {
    // given
    Heard replica = session(hello("a", 1, 7, new LogEnd(3, 100)));

    // when
    pass(10_000);

    // then
    assertThat(replica.refusal).isNull();
    assertThat(replica.state).isNull();
    assertThat(controller.asked).hasSizeLessThan(20);
  }

  @Test
  void shouldTryAllControllers() {
    // given
    Heard replica =
        session(newcomer("a"), SECRET, List.of("gone:1", ControllerOfTests.ADDRESS, "gone:2"));

    // when
    pass(5_000);

    // then
    assertThat(replica.state().leader()).isEqualTo(new Incarnation(1, 1));
    assertThat(controller.asked).filteredOn(RequestCode.GREET_REPLICA::equals).hasSize(1);
  }

  @Test
  void shouldProveWhoItIsToAControllerThatWasStartedAgain() {
    // given
    Heard replica = session(newcomer("a"));
    pass(3_000);

    // when: and knows nothing
    controller.replace();
    pass(3_000);

    // then: it does not begin a group anew under a replica that has a log
    assertThat(replica.refusal).isNull();
    assertThat(controller.book().groups()).isEmpty();
  }

  @Test
  void shouldTellNothingToWhoeverDoesNotKnowTheSecret() {
    // when
    Heard replica = session(
        newcomer("a"),
        new ReplicaSecret("another secret than that".getBytes(US_ASCII)),
        List.of(ControllerOfTests.ADDRESS));
    pass(5_000);

    // then
    assertThat(controller.asked).containsOnly(RequestCode.GREET_REPLICA).hasSizeLessThan(20);
    assertThat(replica.state).isNull();
  }
}
