package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;

/**
 * Topics, groups and offsets change when a record is applied, and are shown when it is visible: what was read
 * of them is told at once, or waits until all that it may show is as safe as the settings promise. So nobody
 * keeps two versions of each. The log loop tells of changes; any thread reads.
 */
public final class ShownChanges {

  private final CommitLog log;
  private final LogLoop loop;
  private volatile long newest = -1; // where the newest record of a change lies

  ShownChanges(CommitLog log, LogLoop loop) {
    this.log = log;
    this.loop = loop;
  }

  /** A record is about to change a topic, a group or offsets. The log loop only, before they change. */
  void change(LogRecord record) {
    newest = record.position();
  }

  /**
   * Tells what was read before this was called, or that too much waits already. Any thread.
   *
   * @param bytes of what was found: while it waits, it counts among what the inbox holds
   */
  public <T> void tell(T found, int bytes, Change.Outcome<? super T> outcome) {
    if (newest < log.visible()) {
      outcome.done(found);
    } else {
      // records nothing, and is settled with or after those that it shows
      new Change<>(recorder -> found, () -> {}, outcome, bytes).offerTo(loop);
    }
  }
}
