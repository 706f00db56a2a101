package io.escrowmq.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an image: half-messages packed into numbers, those of one transaction one after the other,
 * the first one first. They stand in pages, so that adding one never copies the others.
 */
final class HalfRows {

  // Stored: their order never changes.
  static final List<Escrow.State> STATES = List.of(
      Escrow.State.IN_DOUBT,
      Escrow.State.SUSPENDED,
      Escrow.State.COMMITTED,
      Escrow.State.ROLLED_BACK);

  private static final int WORDS = 6;
  private static final int ROWS = 512; // of a page

  /** The names of groups by number; all rows of an image have them in common. */
  static final class Groups {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    private int number(String name) {
      return numbers.computeIfAbsent(name, any -> numbers.size());
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeInt(numbers.size());
      for (String name : numbers.keySet()) {
        out.writeUTF(name);
      }
    }
  }

  private final Groups groups;
  private final List<long[]> pages = new ArrayList<>();
  private final List<byte @Nullable [] @Nullable []> names = new ArrayList<>(); // as the pages
  private int count;

  HalfRows(Groups groups) {
    this.groups = groups;
  }

  int count() {
    return count;
  }

  /** Adds all half-messages of a transaction; answers how many. */
  int addAll(Escrow leader) {
    add(leader, leader);
    if (leader.party == null) {
      return 1;
    }
    List<Escrow> halves = leader.party.halves();
    for (int i = 1; i < halves.size(); i++) {
      add(halves.get(i), leader);
    }
    return halves.size();
  }

  private void add(Escrow half, Escrow leader) {
    int at = count % ROWS * WORDS;
    if (at == 0) {
      pages.add(new long[ROWS * WORDS]);
      names.add(null);
    }
    byte[] name = half == leader && half.party != null ? half.party.name : null;
    if (name != null) {
      keep(name);
    }
    int decider = leader.decider == null ? 0 : leader.decider.number();
    long[] words = pages.get(count / ROWS);
    words[at] = half.id;
    words[at + 1] = half.position;
    words[at + 2] = half.recordedMillis;
    words[at + 3] = leader.timeMillis;
    words[at + 4] = ((long) half.bytes << 32) | groups.number(half.group.name);
    words[at + 5] = ((long) STATES.indexOf(leader.state) << 40)
        | ((long) decider << 32)
        | ((leader.checks & 0xFFFFL) << 16)
        | (name == null ? 0 : 1 << 8)
        | (half == leader ? 1 : 0);
    count++;
  }

  // The bytes never change: their text can be made later, by whoever writes.
  private void keep(byte[] name) {
    int page = count / ROWS;
    byte @Nullable [] @Nullable [] ofPage = names.get(page);
    if (ofPage == null) {
      ofPage = new byte[ROWS][];
      names.set(page, ofPage);
    }
    ofPage[count % ROWS] = name;
  }

  long id(int row) {
    return word(row, 0);
  }

  boolean isLeader(int row) {
    return isLeaderIn(word(row, 5));
  }

  boolean isDecided(int row) {
    Escrow.State state = stateIn(word(row, 5));
    return state == Escrow.State.COMMITTED || state == Escrow.State.ROLLED_BACK;
  }

  private long word(int row, int word) {
    return pages.get(row / ROWS)[row % ROWS * WORDS + word];
  }

  void write(int row, DataOutput out) throws IOException {
    long[] words = pages.get(row / ROWS);
    int at = row % ROWS * WORDS;
    for (int word = 0; word < WORDS; word++) {
      out.writeLong(words[at + word]);
    }
    byte @Nullable [] @Nullable [] ofPage = names.get(row / ROWS);
    byte[] name = ofPage == null ? null : ofPage[row % ROWS];
    if (name != null) {
      out.writeUTF(new String(name, UTF_8));
    }
  }

  // The last word of a row

  static Escrow.State stateIn(long rest) {
    return STATES.get((int) (rest >> 40));
  }

  static int deciderIn(long rest) {
    return (int) (rest >> 32) & 0xFF;
  }

  static short checksIn(long rest) {
    return (short) (rest >> 16);
  }

  static boolean isNamedIn(long rest) {
    return ((rest >> 8) & 0xFF) != 0;
  }

  static boolean isLeaderIn(long rest) {
    return (rest & 1) != 0;
  }
}
