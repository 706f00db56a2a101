package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UniqueIdsTest {

  private static final long MONTH_MILLIS = 31L * 24 * 60 * 60 * 1000;

  private final AtomicLong nowMillis = new AtomicLong(1_700_000_000_000L);
  private final UniqueIds ids = new UniqueIds(
      InetAddress.getLoopbackAddress(), 7, 9, () -> Instant.ofEpochMilli(nowMillis.get()));

  @Test
  void shouldHaveTheFormThatClientsMake() {
    // when
    String id = ids.next();

    // then
    assertThat(id).matches("7F000001" + "0007" + "00000009" + "[0-9A-F]{8}0000");
    assertThat(Long.parseLong(id.substring(20, 28), 16))
        .isEqualTo(1_700_000_000_000L % MONTH_MILLIS);
  }

  @Test
  void shouldNeverRepeatWhenTheClockStandsOrGoesBack() {
    // given
    Set<String> seen = new HashSet<>();

    // when
    for (int i = 0; i < 200_000; i++) {
      if (i % 1_000 == 0) {
        nowMillis.addAndGet(i % 3_000 == 0 ? -50 : 20);
      }
      seen.add(ids.next());
    }

    // then
    assertThat(seen).hasSize(200_000);
  }

  @Test
  void shouldNeverRepeatWhenAskedWithATimeThatHasPassed() {
    // given
    long before = nowMillis.get();
    nowMillis.addAndGet(5);

    // when
    String now = ids.next();
    String late = ids.next(before);
    String later = ids.next(before);

    // then
    assertThat(now).isLessThan(late);
    assertThat(late).isLessThan(later);
  }

  @Test
  void shouldGoOnWithTheClockWhenTheMonthBeginsAnew() {
    // given
    nowMillis.set(MONTH_MILLIS * 600 - 1);
    ids.next();

    // when
    nowMillis.set(MONTH_MILLIS * 600);
    String id = ids.next();

    // then
    assertThat(id).endsWith("000000000000");
  }
}
