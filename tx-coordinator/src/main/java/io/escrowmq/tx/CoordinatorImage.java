package io.escrowmq.tx;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What facts have made of a coordinator, at one moment. It is taken in parts, between other facts: who
 * changes or forgets a transaction that is missing says so before, and it is taken as it was. When it
 * is whole it is immutable, and another thread writes it out.
 *
 * <pre>
 * groups: count int32, name *
 * half-messages: count int32, row *       those of one transaction one after the other, the first one first
 *
 * id int64 | position int64 | recorded int64 | due or decided int64 | bytes int32, group int32
 *   | state int8, decider int8, checks int16, named int8, first of its transaction int8 | name if it has one
 *
 * transactions: open ones by their age, others in the order in which they were decided
 * </pre>
 */
public final class CoordinatorImage {

  static final int ROWS_AT_ONCE = 2048; // the transaction that passes it is the last one of a part

  /** One half-message as it was. */
  record Row(
      StoredHalf half,
      long recordedMillis,
      String group,
      Escrow.State state,
      short checks,
      @Nullable Decider decider,
      long timeMillis,
      @Nullable String name) {}

  /** Takes rows in the order in which they were written. */
  interface Rows {
    void take(Row row, boolean isLeader, long leaderId);
  }

  private final EscrowBook book;
  private final HalfRows.Groups groups = new HalfRows.Groups();
  private final HalfRows rows = new HalfRows(groups);
  private final HalfRows changed = new HalfRows(groups); // open ones, taken out of their order
  private final DecidedCursor decided;
  private final DecidedCursor namedDecided;
  private @Nullable Escrow nextOpen;
  private final long lastOpenId;

  /** Decided transactions of one kind that are missing. They change no more, and the oldest goes first. */
  private final class DecidedCursor {
    private @Nullable Escrow next;
    private int missing;

    DecidedCursor(AgeOrder order) {
      next = order.oldest();
      missing = order.size();
    }

    int takeNext() {
      Escrow leader = next;
      if (leader == null || missing == 0) {
        return 0;
      }
      next = leader.younger;
      missing--;
      return rows.addAll(leader);
    }

    void forgets(Escrow leader) {
      if (leader == next) {
        takeNext();
      }
    }
  }

  CoordinatorImage(EscrowBook book, AgeOrder decided, AgeOrder namedDecided, AgeOrder open) {
    this.book = book;
    this.decided = new DecidedCursor(decided);
    this.namedDecided = new DecidedCursor(namedDecided);
    this.nextOpen = open.oldest();
    Escrow youngest = open.youngest();
    this.lastOpenId = youngest == null ? -1 : youngest.id;
  }

  /** Takes a bounded part of what is missing; true when it is whole. The owner of the coordinator only. */
  public boolean take() {
    for (int taken = 0; taken < ROWS_AT_ONCE; ) {
      int more = decided.takeNext();
      more = more > 0 ? more : namedDecided.takeNext();
      more = more > 0 ? more : takeNextOpen();
      if (more == 0) {
        book.isWhole(this);
        return true;
      }
      taken += more;
    }
    return false;
  }

  private int takeNextOpen() {
    Escrow leader = nextOpen;
    if (leader == null || leader.id > lastOpenId) {
      nextOpen = null;
      return 0;
    }
    nextOpen = leader.younger;
    if (leader.isInImage) {
      leader.isInImage = false;
      return 1; // looked at
    }
    return rows.addAll(leader);
  }

  /** An open transaction is about to change. */
  void changes(Escrow leader) {
    if (nextOpen != null
        && leader.id >= nextOpen.id
        && leader.id <= lastOpenId
        && !leader.isDecided()
        && !leader.isInImage) {
      changed.addAll(leader);
      leader.isInImage = true;
    }
  }

  /** An open transaction is about to be decided. */
  void decides(Escrow leader) {
    changes(leader);
    if (leader == nextOpen) {
      nextOpen = leader.younger;
    }
  }

  /** A decided transaction, the oldest of its kind, is about to be forgotten. */
  void forgets(Escrow leader) {
    decided.forgets(leader);
    namedDecided.forgets(leader);
  }

  /** Writes what {@link #read} reads; it is whole. */
  public void writeTo(DataOutput out) throws IOException {
    groups.writeTo(out);
    out.writeInt(rows.count() + changed.count());
    int[] byAge = IntStream.range(0, changed.count())
        .filter(changed::isLeader)
        .boxed()
        .sorted(Comparator.comparingLong(changed::id))
        .mapToInt(Integer::intValue)
        .toArray();
    int written = 0;
    for (int row = 0; row < rows.count(); row++) {
      if (rows.isLeader(row) && !rows.isDecided(row)) {
        while (written < byAge.length && changed.id(byAge[written]) < rows.id(row)) {
          writeChanged(byAge[written++], out);
        }
      }
      rows.write(row, out);
    }
    while (written < byAge.length) {
      writeChanged(byAge[written++], out);
    }
  }

  private void writeChanged(int leader, DataOutput out) throws IOException {
    int row = leader;
    do {
      changed.write(row++, out);
    } while (row < changed.count() && !changed.isLeader(row));
  }

  static void read(DataInput in, Rows rows) throws IOException {
    List<String> groups = new ArrayList<>(); // no more memory than for those that are there
    for (int left = in.readInt(); left > 0; left--) {
      groups.add(in.readUTF());
    }
    int count = in.readInt();
    long leader = -1;
    for (int i = 0; i < count; i++) {
      long id = in.readLong();
      long position = in.readLong();
      long recorded = in.readLong();
      long time = in.readLong();
      long sizeAndGroup = in.readLong();
      long rest = in.readLong();
      String name = HalfRows.isNamedIn(rest) ? in.readUTF() : null;
      boolean isLeader = HalfRows.isLeaderIn(rest);
      leader = isLeader ? id : leader;
      int decider = HalfRows.deciderIn(rest);
      Row row = new Row(
          new StoredHalf(id, position, (int) (sizeAndGroup >>> 32)),
          recorded,
          groups.get((int) sizeAndGroup),
          HalfRows.stateIn(rest),
          HalfRows.checksIn(rest),
          decider == 0 ? null : Decider.of(decider),
          time,
          name);
      rows.take(row, isLeader, leader);
    }
  }
}
