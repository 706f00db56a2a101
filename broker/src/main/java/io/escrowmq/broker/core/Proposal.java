package io.escrowmq.broker.core;

/**
 * One request on its way through the log loop: judged, recorded, answered when that is safe.
 *
 * <p>Exactly one of {@link #settle}, {@link #refuse} and {@link #abandon} is called, once.
 */
public interface Proposal {

  /** Bytes that this proposal keeps in memory while it waits; what the inbox is bounded by. */
  int weight();

  /**
   * Judges the request on the state that all earlier proposals left, and records what follows from
   * it. Runs on the log loop. A refusal is remembered and told in {@link #settle}: even an answer
   * that records nothing waits for what it was based on. When it throws before it has recorded
   * anything, it alone is refused; afterwards the log stops.
   */
  void rule(Recorder recorder);

  /**
   * What was recorded, and all it was based on, is as safe as the settings promise. Runs on the log
   * loop or the flush loop, so it only answers and wakes.
   */
  void settle();

  /** Whether somebody waits for {@link #settle} who has to hear something in time, whatever comes of it. */
  default boolean isAwaited() {
    return true;
  }

  /** It could not be ruled on, and nothing was recorded. The reason is for people. */
  void refuse(String reason);

  /** The log stopped: whether anything was recorded is not known. The reason is for people. */
  void abandon(String reason);
}
