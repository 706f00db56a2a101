package io.escrowmq.tx;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What facts have made of a coordinator, packed into numbers: taken quickly, written out by another
 * thread. Immutable.
 *
 * <pre>
 * groups: count int32, name *
 * half-messages: count int32, row *       those of one transaction one after the other, the first one first
 *
 * id int64 | position int64 | recorded int64 | due or decided int64 | bytes int32, group int32
 *   | state int8, decider int8, checks int16, named int8, first of its transaction int8 | name if it has one
 * </pre>
 */
public final class CoordinatorImage {

  private static final int WORDS = 6;

  // Stored: their order never changes.
  private static final List<Escrow.State> STATES = List.of(
      Escrow.State.IN_DOUBT,
      Escrow.State.SUSPENDED,
      Escrow.State.COMMITTED,
      Escrow.State.ROLLED_BACK);

  /** One half-message as it was. */
  record Row(
      long id,
      long position,
      long recordedMillis,
      int bytes,
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

  private final Map<String, Integer> groups = new LinkedHashMap<>();
  private final Map<Long, String> names = new HashMap<>(); // by the leader's id
  private long[] words = new long[64 * WORDS];
  private int count;

  private CoordinatorImage() {}

  static CoordinatorImage of(AgeOrder... transactions) {
    CoordinatorImage image = new CoordinatorImage();
    int size = Arrays.stream(transactions).mapToInt(AgeOrder::size).sum();
    image.words = new long[(size + 1) * WORDS];
    for (AgeOrder order : transactions) {
      image.addAll(order);
    }
    return image;
  }

  private void addAll(AgeOrder transactions) {
    for (Escrow at = transactions.oldest(); at != null; at = at.younger) {
      add(at, at);
      if (at.party != null) {
        String name = at.party.name();
        if (name != null) {
          names.put(at.id, name);
        }
        for (Escrow half : at.party.halves()) {
          if (half != at) {
            add(half, at);
          }
        }
      }
    }
  }

  private void add(Escrow half, Escrow leader) {
    int at = count * WORDS;
    if (at == words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    int group = groups.computeIfAbsent(half.group.name, name -> groups.size());
    int decider = leader.decider == null ? 0 : leader.decider.number();
    boolean isNamed = half == leader && half.party != null && half.party.name != null;
    words[at] = half.id;
    words[at + 1] = half.position;
    words[at + 2] = half.recordedMillis;
    words[at + 3] = leader.timeMillis;
    words[at + 4] = ((long) half.bytes << 32) | group;
    words[at + 5] = ((long) STATES.indexOf(leader.state) << 40)
        | ((long) decider << 32)
        | ((leader.checks & 0xFFFFL) << 16)
        | (isNamed ? 1 << 8 : 0)
        | (half == leader ? 1 : 0);
    count++;
  }

  /** Writes what {@link #read} reads. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(groups.size());
    for (String group : groups.keySet()) {
      out.writeUTF(group);
    }
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      for (int word = 0; word < WORDS; word++) {
        out.writeLong(words[i * WORDS + word]);
      }
      String name = isNamed(words[i * WORDS + 5]) ? names.get(words[i * WORDS]) : null;
      if (name != null) {
        out.writeUTF(name);
      }
    }
  }

  static void read(DataInput in, Rows rows) throws IOException {
    String[] groups = new String[in.readInt()];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = in.readUTF();
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
      String name = isNamed(rest) ? in.readUTF() : null;
      boolean isLeader = (rest & 1) != 0;
      leader = isLeader ? id : leader;
      int decider = (int) (rest >> 32) & 0xFF;
      Row row = new Row(
          id,
          position,
          recorded,
          (int) (sizeAndGroup >>> 32),
          groups[(int) sizeAndGroup],
          STATES.get((int) (rest >> 40)),
          (short) (rest >> 16),
          decider == 0 ? null : Decider.of(decider),
          time,
          name);
      rows.take(row, isLeader, leader);
    }
  }

  private static boolean isNamed(long rest) {
    return ((rest >> 8) & 0xFF) != 0;
  }
}
