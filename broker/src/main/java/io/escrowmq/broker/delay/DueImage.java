package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.LongRows;
import io.escrowmq.store.Image;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;

/**
 * The messages that waited at one moment, in no order that matters. It is taken slot by slot, a part
 * at a time; a message that is missing and is about to move or leave is taken before. Owner: the log
 * loop until it is whole.
 *
 * <pre>
 * count int32, then for each: due int64 | position int64 | record length int64
 * </pre>
 */
final class DueImage implements Image {

  static final int SLOTS_AT_ONCE = 1 << 12;
  private static final int WORDS = 3;

  private final DueTimes times;
  private final LongRows rows;
  private final int slots; // that were in use at that moment, or had been before
  private final BitSet passed = new BitSet(); // at these slots is nothing to take any more
  private int next;

  DueImage(DueTimes times, int slots) {
    this.times = times;
    this.rows = new LongRows((long) times.size() * WORDS);
    this.slots = slots;
  }

  @Override
  public boolean take() {
    int until = Math.min(slots, next + SLOTS_AT_ONCE);
    for (; next < until; next++) {
      if (times.waits(next) && !passed.get(next)) {
        takeFrom(next);
      }
    }
    if (next < slots) {
      return false;
    }
    times.isWhole(this);
    return true;
  }

  /** The message of a slot is about to move or leave. */
  void changes(int slot) {
    if (isMissing(slot) && !passed.get(slot)) {
      takeFrom(slot);
      passed.set(slot);
    }
  }

  /** A slot that is free is about to be another message's. */
  void fills(int slot) {
    if (isMissing(slot)) {
      passed.set(slot);
    }
  }

  private boolean isMissing(int slot) {
    return slot >= next && slot < slots;
  }

  private void takeFrom(int slot) {
    times.visit(slot, (due, position, length) -> {
      rows.add(due);
      rows.add(position);
      rows.add(length);
    });
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt((int) (rows.count() / WORDS));
    for (long i = 0; i < rows.count(); i++) {
      out.writeLong(rows.get(i));
    }
  }

  static void read(DataInput in, DueTimes into) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      into.add(in.readLong(), in.readLong(), (int) in.readLong());
    }
  }
}
