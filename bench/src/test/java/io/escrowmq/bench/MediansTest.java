package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.bench.Mode.Flush;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MediansTest {

  @Test
  void shouldTakeTheMiddleOfAnOddAndTheMeanOfTheTwoMiddleOnesOfAnEvenNumber() {
    assertThat(Medians.median(DoubleStream.of(9, 1, 4))).hasValue(4);
    assertThat(Medians.median(DoubleStream.of(9, 1, 4, 6))).hasValue(5);
    assertThat(Medians.median(DoubleStream.empty())).isEmpty();
  }

  @Test
  void shouldTakeTheMedianOfTheRatiosAndNotTheRatioOfTheMedians() {
    // given
    Medians medians = new Medians(List.of(
        cpu(1, "a", 10), cpu(1, "b", 20),
        cpu(2, "a", 90), cpu(2, "b", 100),
        cpu(3, "a", 30), cpu(3, "b", 300)));

    // when / then
    assertThat(medians.of("a", "sync16", Flush.ASYNC, Metric.CPU_PER_MILLION)).hasValue(30);
    assertThat(medians.ratio("a", "b", "sync16", Flush.ASYNC, Metric.CPU_PER_MILLION))
        .hasValue(0.5);
  }

  @Test
  void shouldLeaveOutAPairThatLacksOneHalf() {
    // given
    Medians medians =
        new Medians(List.of(cpu(1, "a", 10), cpu(1, "b", 20), cpu(2, "a", 90), cpu(3, "b", 1)));

    // when / then
    assertThat(medians.ratio("a", "b", "sync16", Flush.ASYNC, Metric.CPU_PER_MILLION))
        .hasValue(0.5);
    assertThat(medians.ratio("a", "b", "sync16", Flush.SYNC, Metric.CPU_PER_MILLION))
        .isEmpty();
  }

  @Test
  void shouldCompareTwoPartsOfOneSystemPairByPair() {
    // given
    Medians medians = new Medians(List.of(
        cpu(1, "a", 10), cpu(1, "a", "tx16", 20),
        cpu(2, "a", 50), cpu(2, "a", "tx16", 60),
        cpu(3, "a", 10), cpu(3, "a", "tx16", 40)));

    // when / then
    assertThat(medians.ratioOfParts("a", "tx16", "sync16", Flush.ASYNC, Metric.CPU_PER_MILLION))
        .hasValue(2);
  }

  private static Measurement cpu(int pair, String system, double seconds) {
    return cpu(pair, system, "sync16", seconds);
  }

  private static Measurement cpu(int pair, String system, String part, double seconds) {
    return new Measurement(
        pair,
        system,
        Flush.ASYNC,
        part,
        Map.of(Metric.CPU_PER_MILLION, seconds),
        Map.of(),
        "0.1 0.1 0.1");
  }
}
