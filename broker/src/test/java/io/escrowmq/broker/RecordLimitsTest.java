package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.consumer.GroupRecordLimitsTest;
import io.escrowmq.broker.core.FieldLimit;
import io.escrowmq.broker.delay.DeliveryLimitsTest;
import io.escrowmq.broker.topic.TopicRecordLimitsTest;
import io.escrowmq.broker.tx.TransactionRecordLimitsTest;
import io.escrowmq.store.RecordKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No kind of record is forgotten where fields are held against their limits: also not one of tomorrow. */
class RecordLimitsTest {

  /** Messages, which the layout of the wire bounds, and records of numbers that have their full size. */
  private static final Set<RecordKind> WITHOUT_LIMITS =
      EnumSet.of(RecordKind.MESSAGE, RecordKind.DELAYED, RecordKind.CHECK);

  @Test
  void shouldHoldEveryKindOfRecordAgainstItsLimits() {
    // when
    Set<RecordKind> held = Stream.of(
            TopicRecordLimitsTest.limits(),
            GroupRecordLimitsTest.limits(),
            DeliveryLimitsTest.limits(),
            TransactionRecordLimitsTest.limits())
        .flatMap(limits -> limits)
        .map(FieldLimit::kind)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(RecordKind.class)));

    // then
    assertThat(held).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(WITHOUT_LIMITS)));
  }
}
