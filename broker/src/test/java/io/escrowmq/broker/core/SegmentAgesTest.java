package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.SegmentStats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever the clock does, old segments age by a minute in ten seconds at most. */
class SegmentAgesTest {

  private static final Duration KEEP = Duration.ofDays(3);
  private static final RetentionSettings SETTINGS = new RetentionSettings(KEEP, Long.MAX_VALUE);
  private static final long TICK_MILLIS = 10_000;

  private final TestLog broker = new TestLog();
  private final RetentionLimits limits = new RetentionLimits(SETTINGS);
  private final SegmentAges ages = new SegmentAges(broker.log, limits, broker.clock.ticker());

  @BeforeEach
  void fillTwoSegments() {
    broker.createTopic("orders", 1);
    while (broker.log.segments().size() < 3) {
      broker.send("orders", 0, "x".repeat(30_000), "", 0);
    }
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldLetSegmentsGoWhenTheirTimeIsOver() {
    // given
    long ticks = KEEP.toMillis() / TICK_MILLIS;
    ages.expiredBefore(broker.clock.millis());

    // when
    long before = 0;
    for (long i = 1; i <= ticks; i++) {
      before = ages.expiredBefore(broker.clock.millis());
      broker.clock.advance(TICK_MILLIS);
    }

    // then
    assertThat(before).isEqualTo(broker.log.start());
    assertThat(ages.expiredBefore(broker.clock.millis())).isEqualTo(lastStart());
    assertThat(ages.behindMillis()).isZero();
  }

  @Test
  void shouldNotFollowAClockThatLeapsAndSaySo() {
    // given
    ages.expiredBefore(broker.clock.millis());

    // when
    broker.clock.jump(Duration.ofHours(100).toMillis());
    long atOnce = ages.expiredBefore(broker.clock.millis());
    broker.clock.advance(TICK_MILLIS);
    long later = ages.expiredBefore(broker.clock.millis());

    // then
    assertThat(atOnce).isEqualTo(broker.log.start());
    assertThat(later).isEqualTo(broker.log.start());
    assertThat(ages.behindMillis()).isGreaterThan(Duration.ofHours(99).toMillis());
  }

  @Test
  void shouldWarnAtOnceAndThenOnceAMinuteWhileTheClockGainsAMinuteEachSecond() {
    // given
    Logger logger = (Logger) LoggerFactory.getLogger(SegmentAges.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    ages.expiredBefore(broker.time.millis());

    broker.time.millis();

    // when
    broker.clock.jump(Duration.ofDays(10).toMillis());
    for (int quarter = 0; quarter < 4 * 179; quarter++) {
      broker.clock.advance(250);
      ages.expiredBefore(broker.time.millis());
    }
    logger.detachAppender(lines);

    // then
    assertThat(lines.list).hasSize(3);
    assertThat(lines.list).allMatch(line -> line.getFormattedMessage().contains("s ahead of"));
  }

  @Test
  void shouldForgetTheLeapWhenTheClockIsSetRight() {
    // given
    ages.expiredBefore(broker.clock.millis());
    broker.clock.jump(Duration.ofHours(100).toMillis());
    ages.expiredBefore(broker.clock.millis());

    // when
    broker.clock.jump(-Duration.ofHours(100).toMillis());
    ages.expiredBefore(broker.clock.millis());

    // then
    assertThat(ages.behindMillis()).isZero();
  }

  /** Down for days, or started with a wrong clock: nobody could read meanwhile. */
  @Test
  void shouldBeginAfterARestartWhereTheLogEnds() {
    // given
    broker.clock.jump(Duration.ofHours(100).toMillis());

    // when
    SegmentAges restarted = new SegmentAges(broker.log, limits, broker.clock.ticker());
    long before = restarted.expiredBefore(broker.clock.millis());

    // then
    assertThat(before).isEqualTo(broker.log.start());
    assertThat(restarted.behindMillis()).isPositive();
  }

  /** A segment that is written while the clock is wrong says nothing about the age of the others. */
  @Test
  void shouldGoOnAfterARestartWhereAStateFileLeftItThoughTheClockLeaptBefore() throws IOException {
    // given
    ages.expiredBefore(broker.clock.millis());
    broker.clock.jump(Duration.ofHours(100).toMillis());
    for (int second = 0; second < 6_200; second++) { // until the records have that time, too
      broker.clock.advance(1_000);
      ages.expiredBefore(broker.time.millis());
    }
    int segments = broker.log.segments().size();
    while (broker.log.segments().size() < segments + 2) {
      broker.send("orders", 0, "x".repeat(30_000), "", 0);
    }
    // when
    SegmentAges restarted = restarted(ages);
    SegmentAges without = new SegmentAges(broker.log, limits, broker.clock.ticker());

    // then
    for (SegmentAges one : List.of(restarted, without)) {
      assertThat(one.expiredBefore(broker.clock.millis())).isEqualTo(broker.log.start());
      assertThat(one.behindMillis()).isGreaterThan(Duration.ofHours(95).toMillis());
    }
  }

  /** Else a broker that is stopped each night would keep everything. */
  @Test
  void shouldLetSegmentsGoWhenTheirTimeIsOverHoweverOftenItIsRestarted() throws IOException {
    // when
    SegmentAges last = ages;
    for (long hour = 0; hour < KEEP.toHours(); hour++) {
      for (long tick = Duration.ofHours(1).toMillis(); tick > 0; tick -= TICK_MILLIS) {
        last.expiredBefore(broker.clock.millis());
        broker.clock.advance(TICK_MILLIS);
      }
      last = restarted(last);
    }

    // then
    last.expiredBefore(broker.clock.millis());
    broker.clock.advance(TICK_MILLIS);
    assertThat(last.expiredBefore(broker.clock.millis())).isEqualTo(lastStart());
  }

  private SegmentAges restarted(SegmentAges before) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    before.image().writeTo(new DataOutputStream(kept));
    SegmentAges restarted = new SegmentAges(broker.log, limits, broker.clock.ticker());
    restarted.restore(new DataInputStream(new ByteArrayInputStream(kept.toByteArray())));
    return restarted;
  }

  @Test
  void shouldFollowBytesAtOnce() {
    // when
    limits.change(new RetentionSettings(KEEP, 1));

    // then
    assertThat(ages.expiredBefore(broker.clock.millis())).isEqualTo(lastStart());
    assertThat(ages.ageingBefore(broker.clock.millis())).isEqualTo(lastStart());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldNeverAgeFasterThanTwiceTheTimeWhateverTheClockDoes(long seed) {
    // given
    Random random = new Random(seed);
    long first = broker.clock.millis();
    ages.expiredBefore(first);

    // when
    for (int tick = 1; tick <= 20_000; tick++) {
      int dice = random.nextInt(20);
      long leap = dice == 0 ? random.nextLong(Duration.ofHours(200).toMillis()) : 0;
      boolean isBack = dice == 1;
      broker.clock.jump(isBack ? -random.nextLong(Duration.ofHours(50).toMillis()) : leap);
      broker.clock.advance(TICK_MILLIS);
      boolean isGone = ages.expiredBefore(broker.clock.millis()) > broker.log.start();

      // then
      boolean mayBeOver = 2L * tick * TICK_MILLIS >= KEEP.toMillis();
      assertThat(isGone && !mayBeOver).as("seed %s tick %s", seed, tick).isFalse();
    }
  }

  private long lastStart() {
    List<SegmentStats> segments = broker.log.segments();
    return segments.get(segments.size() - 1).start();
  }
}
