package io.escrowmq.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param failure the promise that does not hold; null when all do
 * @param stepsDone how many steps were done when it ended
 * @param lastEvents in plain words
 * @param digest of all events: the same for the same plan, always
 */
public record Outcome(
    Plan plan,
    @Nullable Throwable failure,
    int stepsDone,
    List<String> lastEvents,
    int sent,
    long acknowledged,
    long seen,
    long simulatedMillis,
    long digest) {

  /** Whether all promises hold. */
  public boolean isWell() {
    return failure == null;
  }
}
