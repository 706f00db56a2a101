package io.escrowmq.remoting.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong on wires and machines, and who learns of it. */
class FaultsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TwoMachines two = new TwoMachines(7);

  @AfterEach
  void shouldHaveFailedNowhere() {
    assertThat(two.world.failures()).isEmpty();
  }

  @Test
  void shouldLetTheSameHappenFromTheSameSeedAndSomethingElseFromAnother() {
    assertThat(history(1)).isEqualTo(history(1)).isNotEqualTo(history(2));
  }

  private static List<String> history(long seed) {
    Simulator world = new Simulator(seed);
    SimulatedNetwork network = new SimulatedNetwork(world);
    network.setAll(Line.GOOD.withLostAttempts(0.2));
    List<String> history = new ArrayList<>();
    RequestTable echo = RequestTable.of(RequestTable.on(
        TwoMachines.ECHO, HeaderReader.RAW, Permission.CONNECT, (call, h) -> {
          history.add(world.nanos() + " " + new String(call.bodyBytes(), UTF_8));
          call.reply(Reply.ok(new byte[1 << 16]));
        }));
    network
        .of(world.machine("server"))
        .server(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911),
            bound -> echo,
            RemotingSettings.forServer(3))
        .start();
    for (int i = 0; i < 5; i++) {
      String name = "c" + i;
      RemotingClient client =
          network.of(world.machine(name)).client(RequestTable.of(), RemotingSettings.forClient());
      for (int j = 0; j < 5; j++) {
        Body body = Body.of((name + j).getBytes(UTF_8));
        client
            .call(
                TwoMachines.ADDRESS,
                new Request(TwoMachines.ECHO, WireHeader.NONE, body),
                Duration.ofSeconds(9))
            .whenComplete((answer, failure) -> history.add(world.nanos() + " answer"));
      }
      world.afterNanos(1_000_000 + world.random().nextInt(1_000_000), network::resetOne);
    }
    world.run(Duration.ofSeconds(10));
    assertThat(history).hasSizeGreaterThan(25);
    return history;
  }

  @Test
  void shouldCloseTheConnectionsOfAProcessThatIsKilledAndServeAgainAfterItsStart() {
    // given
    two.connect();
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofMinutes(1));
    two.world.run(Duration.ofMillis(100));

    // when
    two.server.crash();
    two.world.run(Duration.ofMillis(100));
    two.call("refused", SECOND);
    two.world.run(SECOND);
    two.server = two.world.machine("server");
    two.start();
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(two.ends)
        .containsExactly("a 0", "parked CONNECTION_CLOSED", "refused NOT_CONNECTED", "b 0");
    assertThat(two.arrived).containsExactly("a", "b");
  }

  @Test
  void shouldTellNobodyOfAMachineWithoutPowerUntilItIsThereAgain() {
    // given
    two.connect();

    // when
    two.network.powerOff(two.server);
    two.call("nobody hears", SECOND);
    two.world.run(Duration.ofSeconds(20));
    two.call("waits", Duration.ofMinutes(1));
    two.world.run(Duration.ofSeconds(20));
    List<String> before = List.copyOf(two.ends);
    two.server = two.world.machine("server");
    two.start();
    two.world.run(SECOND);
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(before).containsExactly("a 0", "nobody hears TIMED_OUT");
    assertThat(two.ends).endsWith("waits CONNECTION_CLOSED", "b 0");
    assertThat(two.arrived).containsExactly("a", "b");
  }

  @Test
  void shouldLetWhoMayNotSendLearnThatThePeerIsGoneThoughItsResetWasLost() {
    // given
    two.network.setBytesAtMost(100_000);
    two.connect();
    two.server.pause(Duration.ofMinutes(1));
    for (int i = 0; i < 4; i++) {
      two.call(TwoMachines.ECHO, "full", new byte[60_000], SECOND);
    }
    two.world.run(Duration.ofSeconds(2));

    // when
    two.network.link(two.server, two.client).cut();
    two.server.crash();
    two.world.run(SECOND);
    two.network.healAll();
    two.server = two.world.machine("server");
    two.start();
    two.world.run(Duration.ofSeconds(10));
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(two.ends).endsWith("full TIMED_OUT", "b 0");
  }

  @Test
  void shouldConnectInVainToAMachineWithoutPower() {
    two.start();
    two.network.powerOff(two.server);

    two.call("a", Duration.ofMinutes(1));
    two.world.run(Duration.ofMillis(2_900));
    assertThat(two.ends).isEmpty();
    two.world.run(Duration.ofMillis(200));

    assertThat(two.ends).containsExactly("a NOT_CONNECTED");
  }

  @Test
  void shouldHoldUpRequestsOnACutWayAndBringThemLate() {
    // given
    two.connect();

    // when
    two.network.link(two.client, two.server).cut();
    two.call("b", SECOND);
    two.world.run(Duration.ofSeconds(5));
    List<String> meanwhile = List.copyOf(two.arrived);
    two.network.link(two.client, two.server).heal();
    two.world.run(SECOND);

    // then
    assertThat(meanwhile).containsExactly("a");
    assertThat(two.arrived).containsExactly("a", "b");
    assertThat(two.ends).containsExactly("a 0", "b TIMED_OUT");
  }

  @Test
  void shouldSendNothingAgainForAMachineWithoutPower() {
    // given
    two.connect();
    two.network.link(two.client, two.server).cut();
    two.call("b", SECOND);
    two.world.run(SECOND);

    // when
    two.network.powerOff(two.client);
    two.network.healAll();
    two.world.run(Duration.ofSeconds(10));

    // then
    assertThat(two.arrived).containsExactly("a");
  }

  @Test
  void shouldCarryOutRequestsWhoseAnswersVanish() {
    // given
    two.connect();

    // when
    two.network.link(two.server, two.client).cut();
    two.call("b", SECOND);
    two.world.run(Duration.ofSeconds(5));

    // then
    assertThat(two.arrived).containsExactly("a", "b");
    assertThat(two.ends).containsExactly("a 0", "b TIMED_OUT");
  }

  @Test
  void shouldTellBothEndsOfAReset() {
    // given
    two.connect();
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofMinutes(1));
    two.world.run(Duration.ofMillis(100));

    // when
    two.network.reset(two.client, two.server);
    two.world.run(SECOND);
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(two.ends).containsExactly("a 0", "parked CONNECTION_CLOSED", "b 0");
    assertThat(two.closed).containsExactly("a");
  }

  @Test
  void shouldLetOneEndLearnOnlyWhenItSends() {
    // given
    two.connect();
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofMinutes(1));
    two.world.run(Duration.ofMillis(100));

    // when
    two.network.forget(two.server, two.client);
    two.world.run(Duration.ofSeconds(10));
    List<String> before = List.copyOf(two.ends);
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(two.closed).contains("a");
    assertThat(before).containsExactly("a 0");
    assertThat(two.ends).contains("parked CONNECTION_CLOSED", "b CONNECTION_CLOSED");
  }

  @Test
  void shouldLetOldConnectionsBeOvertakenByNewOnes() {
    boolean overtaken = false;
    for (int i = 0; i < 50 && !overtaken; i++) {
      // given
      TwoMachines one = new TwoMachines(i);
      one.network.setAll(Line.GOOD.withDelay(
          Duration.ofNanos(20_000), Duration.ofNanos(300_000), Duration.ofSeconds(1), 0.3));
      one.connect();

      // when
      one.call("old", SECOND);
      one.world.run(Duration.ofNanos(40_000)); // it is written
      one.network.forget(one.client, one.server);
      one.world.run(Duration.ofNanos(100_000));
      one.call("new", SECOND);
      one.world.run(Duration.ofSeconds(10));
      overtaken = one.arrived.equals(List.of("a", "new", "old"));
    }

    // then
    assertThat(overtaken).isTrue();
  }

  @Test
  void shouldRunNothingOnAMachineThatStandsStillWhileItsKernelGoesOn() {
    // given
    two.connect();

    // when
    two.server.pause(Duration.ofSeconds(10));
    two.call("b", SECOND);
    two.world.run(Duration.ofSeconds(9));
    List<String> meanwhile = List.copyOf(two.arrived);
    two.world.run(Duration.ofSeconds(2));

    // then
    assertThat(meanwhile).containsExactly("a");
    assertThat(two.arrived).containsExactly("a", "b");
    assertThat(two.ends).containsExactly("a 0", "b TIMED_OUT");
  }

  /** Nobody says that the way is dead: not the network, and not the peer, which has never noticed it. */
  @Test
  void shouldLeaveADeadWayWhenNothingWasHeardForTenSecondsThoughCallsGoOn() {
    // given
    two.connect();
    two.network.link(two.client, two.server).cut();
    two.network.link(two.server, two.client).cut();
    two.call(TwoMachines.PARK, "waits", new byte[1], Duration.ofMinutes(1));

    // when
    for (int second = 1; second <= 9; second++) {
      two.call("early", SECOND);
      two.world.run(SECOND);
    }
    two.world.run(Duration.ofMillis(200));
    List<String> before = List.copyOf(two.ends);
    two.call("early", SECOND);
    two.world.run(Duration.ofMillis(1_200));
    List<String> after = two.ends.subList(before.size(), two.ends.size());

    // then
    assertThat(before).hasSize(10).endsWith("early TIMED_OUT").doesNotContain("waits");
    assertThat(after).containsExactly("early TIMED_OUT", "waits CONNECTION_CLOSED");
    two.network.healAll();
    two.call("b", SECOND);
    two.world.run(SECOND);
    assertThat(two.ends).endsWith("b 0");
  }

  @Test
  void shouldKeepAConnectionOverWhichAnythingWasHeardThoughCallsAreNotAnswered() {
    // given
    two.connect();

    // when
    for (int round = 0; round < 10; round++) {
      two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofSeconds(15));
      two.world.run(Duration.ofSeconds(9));
      two.call("b", SECOND);
      two.world.run(SECOND);
    }

    // then
    assertThat(two.ends).contains("parked TIMED_OUT", "b 0").doesNotContain("b CONNECTION_CLOSED");
    assertThat(two.closed).isEmpty();
  }

  @Test
  void shouldKeepItsConnectionWhenItStoodStillItself() {
    // given
    two.connect();
    two.call(TwoMachines.PARK, "parked", new byte[1], SECOND);
    two.world.run(Duration.ofMillis(500));

    // when
    two.client.pause(Duration.ofMinutes(1));
    two.parked.get(0).reply(Reply.ok());
    two.world.run(Duration.ofMinutes(1).plusSeconds(1));
    two.call("b", SECOND);
    two.world.run(SECOND);

    // then
    assertThat(two.closed).isEmpty();
    assertThat(two.ends).endsWith("b 0");
  }

  @Test
  void shouldCloseTheConnectionOfAMachineWithoutPowerAfterTwoMinutesThoughItSendsToIt() {
    // given
    two.connect();
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofMinutes(1));
    two.world.run(SECOND);
    two.network.powerOff(two.client);

    // when
    List<Integer> closedAfter = new ArrayList<>();
    for (int second = 1; second <= 130; second++) {
      two.notifyClient(1);
      two.world.run(SECOND);
      if (!two.closed.isEmpty() && closedAfter.isEmpty()) {
        closedAfter.add(second);
      }
    }

    // then
    assertThat(closedAfter).singleElement().satisfies(s -> assertThat(s).isBetween(118, 121));
  }
}
