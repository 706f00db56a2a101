package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A field of a kind of record, and the most that it holds.
 *
 * @param of makes a record whose field is so long, or so high
 * @param value of the field that was read back
 */
public record FieldLimit<R>(
    RecordKind kind,
    String field,
    int most,
    IntFunction<R> of,
    Function<R, byte[]> write,
    Function<ByteBuffer, R> read,
    Function<R, Object> value) {

  /** The most that it holds comes back as it was, and one more is refused by name. */
  public void check() {
    for (int fits : new int[] {0, 1, most / 2, most - 1, most}) {
      R record = of.apply(fits);
      R again = read.apply(ByteBuffer.wrap(write.apply(record)));
      assertThat(value.apply(again))
          .as("%s of %s with %s", field, kind, fits)
          .isEqualTo(value.apply(record));
    }
    R tooMuch = of.apply(most + 1);
    assertThatThrownBy(() -> write.apply(tooMuch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "the field " + field + " of a " + kind + " record",
            String.valueOf(most + 1),
            String.valueOf(most));
  }

  @Override
  public String toString() {
    return field + " of " + kind;
  }
}
