package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Topics, groups and offsets change when a record is applied, and are shown when it is visible: what was read
 * of them is told at once, or waits until all that it may show is as safe as the settings promise. So nobody
 * keeps two versions of each. The log loop tells of changes; any thread reads.
 */
public final class ShownChanges {

  // One answer may be longer: when no other waits. A share of their own, so that they take no room
  // in the inbox from messages.
  private static final long MOST_HELD_BYTES = 16 << 20;

  private final CommitLog log;
  private final LogLoop loop;
  private final AtomicLong held = new AtomicLong(); // bytes of what waits
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
   * @param bytes of what was found
   */
  public <T> void tell(T found, int bytes, Change.Outcome<? super T> outcome) {
    if (newest < log.visible()) {
      outcome.done(found);
      return;
    }
    long before = held.getAndAdd(bytes);
    Waiting<T> waits = new Waiting<>(bytes, outcome);
    if (before > 0 && before + bytes > MOST_HELD_BYTES) {
      waits.refused(new Refusal.AnswersHeld(before, MOST_HELD_BYTES));
    } else {
      // records nothing, and is settled with or after those that it shows
      new Change<>(recorder -> found, () -> {}, waits).offerTo(loop);
    }
  }

  /** Gives back what it held when it is told, whatever that is. */
  private final class Waiting<T> implements Change.Outcome<T> {

    private final int bytes;
    private final Change.Outcome<? super T> outcome;

    Waiting(int bytes, Change.Outcome<? super T> outcome) {
      this.bytes = bytes;
      this.outcome = outcome;
    }

    @Override
    public void done(T found) {
      held.addAndGet(-bytes);
      outcome.done(found);
    }

    @Override
    public void refused(Refusal why) {
      held.addAndGet(-bytes);
      outcome.refused(why);
    }
  }
}
