package io.escrowmq.client;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a group begins on a queue that it has never consumed. Immutable.
 *
 * @param place what is meant
 * @param moment for a time: messages stored from then on; null otherwise
 */
public record StartFrom(Place place, @Nullable Instant moment) {

  /** What is meant. */
  public enum Place {
    /** With messages that are sent from now on. */
    END,
    /** With the first message that is still stored. */
    BEGIN,
    /** With the first message that was stored at a moment, or later. */
    TIME
  }

  /** With messages that are sent from now on. */
  public static StartFrom end() {
    return new StartFrom(Place.END, null);
  }

  /** With the first message that is still stored. */
  public static StartFrom begin() {
    return new StartFrom(Place.BEGIN, null);
  }

  /** With the first message that was stored at this moment, or later. */
  public static StartFrom time(Instant moment) {
    Objects.requireNonNull(moment, "the moment is null");
    return new StartFrom(Place.TIME, moment);
  }
}
