package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.FieldLimit;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.store.RecordKind;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public final class DeliveryLimitsTest {

  /** What {@code RecordLimitsTest} counts, too. */
  public static Stream<FieldLimit<?>> limits() {
    return Stream.of(
        delivery("topic", length -> visible("a".repeat(length), 0), Release::topic),
        delivery(
            "keys",
            count -> visible("t", count),
            it -> Arrays.stream(it.keyHashes()).boxed().toList()));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void shouldRefuseByNameWhatDoesNotFitItsPlace(FieldLimit<?> limit) {
    limit.check();
  }

  private static FieldLimit<Release> delivery(
      String field, IntFunction<Release> of, Function<Release, Object> value) {
    return new FieldLimit<>(
        RecordKind.DELIVERY,
        field,
        255,
        of,
        release -> Delivery.visible(release).toPayload(),
        bytes -> releaseOf(Delivery.of(bytes)),
        value);
  }

  private static Release visible(String topic, int keys) {
    return new Release(8, 100, 1_000, topic, 0, 3, 0, new long[keys]);
  }

  private static Release releaseOf(Delivery delivery) {
    Release release = delivery.release();
    if (release == null) {
      throw new AssertionError("it releases nothing");
    }
    return release;
  }
}
