package io.escrowmq.store;

import java.time.Duration;

/**
 * How long the log is kept. Either limit is enough to delete a segment.
 *
 * @param keep how long after the last write to a segment it is kept at least. Too short: slow
 *     consumers lose messages; too long: the disk fills up
 * @param keepBytes how much of the log is kept at least; older segments than these bytes need go.
 *     {@code Long.MAX_VALUE} for no limit
 */
public record RetentionSettings(Duration keep, long keepBytes) {

  public RetentionSettings {
    if (keep.isNegative() || keep.isZero()) {
      throw new IllegalArgumentException("keep " + keep + " must be longer than nothing");
    }
    if (keepBytes <= 0) {
      throw new IllegalArgumentException("keepBytes " + keepBytes + " must be positive");
    }
  }

  /** Twice each limit. */
  public RetentionSettings doubled() {
    return new RetentionSettings(
        keep.multipliedBy(2), keepBytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : keepBytes * 2);
  }

  /** Half of each limit. */
  public RetentionSettings halved() {
    return new RetentionSettings(keep.dividedBy(2), Math.max(1, keepBytes / 2));
  }
}
