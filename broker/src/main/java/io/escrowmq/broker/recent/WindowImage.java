package io.escrowmq.broker.recent;

import io.escrowmq.broker.core.LongRows;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link KeyWindow} held at one moment, the oldest first. It is taken a part at a time; an entry
 * that is missing and is about to be forgotten or to change is looked at before. Owner: the log loop
 * until it is whole.
 */
final class WindowImage {

  private static final int WORDS = 5;

  private final KeyWindow window;
  private final int places;
  private final long first; // numbers of entries
  private final long end;
  private long next;
  private @Nullable LongRows rows; // null: nothing taken
  private @Nullable Map<Long, Entry> changed; // null: none; as they were

  /** An entry as it is in the window. */
  record Entry(long high, long low, long position, int queueId, long queueOffset) {}

  WindowImage(KeyWindow window) {
    this.window = window;
    this.places = window.places();
    this.first = window.firstNumber();
    this.next = first;
    this.end = first + window.size();
  }

  boolean isWhole() {
    return next == end;
  }

  /** Takes so many of what is missing at most; answers how many. */
  int take(int most) {
    int taken = 0;
    for (; taken < most && next < end; taken++) {
      takeNext();
    }
    return taken;
  }

  private void takeNext() {
    LongRows into = rows;
    if (into == null) {
      into = new LongRows((end - first) * WORDS);
      rows = into;
    }
    Entry before = changed == null ? null : changed.remove(next);
    Entry entry = before == null ? window.entry(next) : before;
    into.add(entry.high);
    into.add(entry.low);
    into.add(entry.position);
    into.add(entry.queueId);
    into.add(entry.queueOffset);
    next++;
    if (next == end) {
      window.isWhole(this);
    }
  }

  /** The oldest entry is about to be forgotten. */
  void forgets(long number) {
    if (number == next && next < end) {
      takeNext();
    }
  }

  /** An entry is about to change. */
  void changes(long number) {
    if (number < next || number >= end) {
      return;
    }
    Map<Long, Entry> as = changed;
    if (as == null) {
      as = new HashMap<>();
      changed = as;
    }
    if (!as.containsKey(number)) {
      as.put(number, window.entry(number));
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(places); // what it takes, so that the same is forgotten next
    out.writeInt((int) (end - first));
    LongRows all = rows;
    if (all == null) {
      return;
    }
    for (long i = 0; i < all.count(); i += WORDS) {
      out.writeLong(all.get(i));
      out.writeLong(all.get(i + 1));
      out.writeLong(all.get(i + 2));
      out.writeInt((int) all.get(i + 3));
      out.writeLong(all.get(i + 4));
    }
  }
}
