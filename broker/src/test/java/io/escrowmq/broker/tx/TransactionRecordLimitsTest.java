package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.FieldLimit;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public final class TransactionRecordLimitsTest {

  private static final Decision COMMIT = new Decision(8, Verdict.COMMIT, Decider.OPERATOR, 1_000);

  /** What {@code RecordLimitsTest} counts, too. */
  public static Stream<FieldLimit<?>> limits() {
    List<DecisionRecord.Part> dropped = List.of(DecisionRecord.Part.dropped(8));
    return Stream.of(
        decision(
            "who",
            255,
            length -> new DecisionRecord(COMMIT, "a".repeat(length), "", dropped),
            DecisionRecord::who),
        decision(
            "why",
            65_535,
            length -> new DecisionRecord(COMMIT, "", "a".repeat(length), dropped),
            DecisionRecord::why),
        decision(
            "half-messages",
            65_535,
            count -> new DecisionRecord(
                COMMIT,
                "",
                "",
                Collections.nCopies(Math.max(1, count), DecisionRecord.Part.dropped(8))),
            DecisionRecord::parts),
        decision("topic", 255, length -> releasing("a".repeat(length), 0), it -> topicOf(it)),
        decision("keys", 255, count -> releasing("t", count), it -> keysOf(it)),
        new FieldLimit<>(
            RecordKind.HALF,
            "control",
            HalfTerms.MOST_CONTROL_BYTES,
            length -> new HalfRecord(HalfRecord.What.FIRST, 7, 30_000, -1, "a".repeat(length)),
            HalfRecord::front,
            bytes -> HalfRecord.readFrom(bytes, bytes.limit()),
            HalfRecord::control));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void shouldRefuseByNameWhatDoesNotFitItsPlace(FieldLimit<?> limit) {
    limit.check();
  }

  private static FieldLimit<DecisionRecord> decision(
      String field,
      int most,
      IntFunction<DecisionRecord> of,
      Function<DecisionRecord, Object> value) {
    return new FieldLimit<>(
        RecordKind.DECISION, field, most, of, DecisionRecord::payload, DecisionRecord::of, value);
  }

  private static DecisionRecord releasing(String topic, int keys) {
    Release release = new Release(8, 100, 1_000, topic, 0, 3, 0, new long[keys]);
    return new DecisionRecord(COMMIT, "", "", List.of(DecisionRecord.Part.released(8, release)));
  }

  private static Object topicOf(DecisionRecord record) {
    return release(record).topic();
  }

  private static Object keysOf(DecisionRecord record) {
    return Arrays.stream(release(record).keyHashes()).boxed().toList();
  }

  private static Release release(DecisionRecord record) {
    Release release = record.parts().get(0).release();
    if (release == null) {
      throw new AssertionError("it releases nothing");
    }
    return release;
  }
}
