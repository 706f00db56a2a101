package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetentionTest {

  private static final List<SegmentStats> SEGMENTS = List.of(
      new SegmentStats(0, 100, 1_000),
      new SegmentStats(100, 100, 2_000),
      new SegmentStats(200, 100, 3_000),
      new SegmentStats(300, 50, 4_000));

  @Test
  void shouldKeepAllThatIsYoungAndSmall() {
    assertThat(before(5_000, 10_000, 1_000)).isZero();
  }

  @Test
  void shouldDeleteWhatIsTooOldExactlyNow() {
    assertThat(before(2_999, 1_000, 10_000)).isEqualTo(100);
    assertThat(before(3_000, 1_000, 10_000)).isEqualTo(200);
  }

  @Test
  void shouldKeepAtLeastTheBytesToKeep() {
    assertThat(before(4_000, 1_000_000, 150)).isEqualTo(200);
    assertThat(before(4_000, 1_000_000, 151)).isEqualTo(100);
  }

  @Test
  void shouldAlwaysKeepTheSegmentThatIsWritten() {
    assertThat(before(1_000_000, 1, 1)).isEqualTo(300);
  }

  @Test
  void shouldNotStepOverAYoungSegmentToAnOldOne() {
    // given: a clock that was set back
    List<SegmentStats> segments = List.of(
        new SegmentStats(0, 100, 9_000),
        new SegmentStats(100, 100, 1_000),
        new SegmentStats(200, 100, 2_000));

    // when // then
    RetentionSettings settings = new RetentionSettings(Duration.ofSeconds(1), 10_000);
    assertThat(Retention.deleteBefore(segments, 9_500, settings)).isZero();
  }

  private static long before(long nowMillis, long keepMillis, long keepBytes) {
    return Retention.deleteBefore(
        SEGMENTS, nowMillis, new RetentionSettings(Duration.ofMillis(keepMillis), keepBytes));
  }
}
