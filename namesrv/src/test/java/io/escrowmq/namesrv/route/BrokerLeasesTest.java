package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.master;
import static io.escrowmq.namesrv.route.Brokers.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.namesrv.route.BrokerLeases.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerLeasesTest {

  private final BrokerLeases leases = new BrokerLeases();
  private final Object connection = new Object();

  @Test
  void shouldEndALeaseExactlyWhenItsTimeIsOver() {
    // given
    grant("a", 0);

    // when, then
    assertThat(lookEverySecond(0, 119_000)).isEmpty();
    assertThat(lookEverySecond(120_000, 120_000)).containsExactly("a");
  }

  @Test
  void shouldKeepABrokerThatGaveASignOfLife() {
    // given
    grant("a", 0);
    lookEverySecond(0, 100_000);

    // when
    leases.renew("a.test:10911", 100_000);

    // then
    assertThat(lookEverySecond(101_000, 219_000)).isEmpty();
    assertThat(lookEverySecond(220_000, 220_000)).containsExactly("a");
  }

  @Test
  void shouldNotHoldAgainstBrokersThatNobodyLookedForAnHour() {
    // given
    grant("a", 0);
    lookEverySecond(0, 60_000);

    // when
    long awake = 60_000 + 3_600_000;

    // then: 60 s were left, and still are
    assertThat(lookEverySecond(awake, awake + 59_000)).isEmpty();
    assertThat(lookEverySecond(awake + 60_000, awake + 60_000)).containsExactly("a");
  }

  @Test
  void shouldGiveNobodyMoreThanALeaseWhenTheClockIsSetBack() {
    // given
    grant("a", 3_600_000);
    lookEverySecond(3_600_000, 3_601_000);

    // when: back by an hour
    List<String> gone = lookEverySecond(1_000, 120_000);

    // then
    assertThat(gone).isEmpty();
    assertThat(lookEverySecond(121_000, 121_000)).containsExactly("a");
  }

  @Test
  void shouldTieALeaseToTheConnectionOfItsLastRegistration() {
    // given
    Object newer = new Object();
    grant("a", 0);

    // when
    leases.repeat("a.test:10911", newer, 1_000);

    // then
    assertThat(leases.heldOver(connection)).isEmpty();
    assertThat(leases.heldOver(newer)).hasSize(1);
  }

  private void grant(String name, long nowMillis) {
    leases.grant(new Lease(says(master(name), 1, Map.of()), true, connection, nowMillis));
  }

  private List<String> lookEverySecond(long fromMillis, long toMillis) {
    List<String> over = new ArrayList<>();
    for (long now = fromMillis; now <= toMillis; now += 1_000) {
      leases.over(now).forEach(lease -> over.add(lease.broker().brokerName()));
    }
    return over;
  }
}
