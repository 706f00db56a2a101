package io.escrowmq.store;

import java.util.List;

/** The rule by which old segments go. Pure; the log loop asks it now and then. */
public final class Retention {

  private Retention() {}

  /**
   * Where the log may begin from now on: the start of the first segment that must stay. A segment
   * goes when all of it is too old, or when the newer ones alone hold the bytes to be kept; the one
   * that is being written always stays. What is before the answer may be deleted, as far as the
   * state files allow.
   *
   * @param segments oldest first, never empty, as {@link CommitLog#segments} tells them
   */
  public static long deleteBefore(
      List<SegmentStats> segments, long nowMillis, RetentionSettings settings) {
    long newerBytes = segments.stream().mapToLong(SegmentStats::bytes).sum();
    long keepMillis = settings.keep().toMillis();
    int last = segments.size() - 1;
    for (int i = 0; i < last; i++) {
      SegmentStats oldest = segments.get(i);
      newerBytes -= oldest.bytes();
      boolean tooOld = nowMillis - oldest.lastWriteMillis() >= keepMillis;
      if (!tooOld && newerBytes < settings.keepBytes()) {
        return oldest.start();
      }
    }
    return segments.get(last).start();
  }
}
