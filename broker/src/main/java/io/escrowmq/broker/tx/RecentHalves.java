package io.escrowmq.broker.tx;

import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * How half-messages that were recorded lately would become visible, so that the decision that mostly
 * follows soon need not read them again: a tenth of the samples of a profile. Forgets at will. Owner: the
 * log loop.
 */
final class RecentHalves {

  private static final int ROOM = 1 << 10; // a power of two; the newest of two in one slot stays

  private final @Nullable Release[] slots = new Release[ROOM];

  /** A half-message was applied; one with a delay is not kept, as that begins with the commit. */
  void add(LogRecord record, MessageView message, String control) {
    long now = message.storeTimestamp();
    DueTime.DelayRequest asked = DueTime.of(control, now);
    slots[slot(record.position())] = asked.dueMillis() > 0 || asked.refusal() != null
        ? null
        : Release.of(record.position(), record.recordLength(), now, 0, message);
  }

  /**
   * How the half-message at a position becomes visible, but for the moment and the place in its queue;
   * null: not known.
   */
  @Nullable
  Release find(long position) {
    Release kept = slots[slot(position)];
    return kept == null || kept.position() != position ? null : kept;
  }

  // Positions are multiples of eight, at similar distances.
  private static int slot(long position) {
    return (int) ((position * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (ROOM - 1);
  }
}
