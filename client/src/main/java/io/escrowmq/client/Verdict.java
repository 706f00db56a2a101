package io.escrowmq.client;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message that was handled. Immutable.
 *
 * @param kind what is to be done
 * @param after for a retry: not before this time has passed; null for the usual pause
 */
public record Verdict(Kind kind, @Nullable Duration after) {

  /** What is to be done with a message. */
  public enum Kind {
    /** Nothing more: it was handled. */
    DONE,
    /** Deliver it again. */
    RETRY,
    /** Set it aside, into the group's dead letter topic, at once. */
    DEAD_LETTER
  }

  private static final Verdict DONE = new Verdict(Kind.DONE, null);
  private static final Verdict RETRY = new Verdict(Kind.RETRY, null);
  private static final Verdict DEAD_LETTER = new Verdict(Kind.DEAD_LETTER, null);

  /** It was handled. */
  public static Verdict done() {
    return DONE;
  }

  /** Deliver it again after the usual pause, which grows with every delivery. */
  public static Verdict retry() {
    return RETRY;
  }

  /**
   * Deliver it again after about this time: brokers know 18 delays from 1 s to 2 h, and the next
   * longer one is taken.
   */
  public static Verdict retryAfter(Duration pause) {
    Objects.requireNonNull(pause, "the pause is null");
    return new Verdict(Kind.RETRY, pause);
  }

  /** Set it aside at once: it will never be handled. */
  public static Verdict deadLetter() {
    return DEAD_LETTER;
  }
}
