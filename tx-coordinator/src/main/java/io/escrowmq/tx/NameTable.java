package io.escrowmq.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * First half-messages of transactions that have a name, by group and name. Open addressing, as {@link
 * EscrowTable}: 8 to 16 bytes an entry, where a map with keys of its own takes 70. The hash is salted,
 * since producers choose the names. Owner: the coordinator.
 */
final class NameTable {

  private static final int FIRST_ROOM = 1024; // a power of two, as all that follow

  // Chance decides where an entry lies, and nothing else: the table is never walked through.
  private static final long SALT = UUID.randomUUID().getLeastSignificantBits();

  private @Nullable Escrow[] slots = new Escrow[FIRST_ROOM];
  private int size;

  @Nullable
  Escrow find(String group, String name) {
    byte[] wanted = name.getBytes(UTF_8);
    int mask = slots.length - 1;
    for (int i = home(group, wanted, mask); ; i = (i + 1) & mask) {
      Escrow found = slots[i];
      if (found == null
          || (found.group.name.equals(group) && Arrays.equals(nameOf(found), wanted))) {
        return found;
      }
    }
  }

  /** Adds one whose name is not there. */
  void add(Escrow leader) {
    if ((size + 1) * 2 > slots.length) {
      resize(slots.length * 2);
    }
    put(leader);
    size++;
  }

  void remove(Escrow leader) {
    int mask = slots.length - 1;
    int hole = home(leader, mask);
    while (slots[hole] != leader) {
      if (slots[hole] == null) {
        return; // it was never there
      }
      hole = (hole + 1) & mask;
    }
    closeGap(hole, mask);
    size--;
    if (slots.length > FIRST_ROOM && size * 8 < slots.length) {
      resize(slots.length / 2);
    }
  }

  // Moves up those behind the hole that may lie there, so that a search never ends too early.
  private void closeGap(int from, int mask) {
    int hole = from;
    for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      Escrow next = slots[i];
      if (next == null) {
        break;
      }
      int home = home(next, mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        slots[hole] = next;
        hole = i;
      }
    }
    slots[hole] = null;
  }

  private void resize(int room) {
    @Nullable Escrow[] old = slots;
    slots = new Escrow[room];
    for (Escrow leader : old) {
      if (leader != null) {
        put(leader);
      }
    }
  }

  private void put(Escrow leader) {
    int mask = slots.length - 1;
    int i = home(leader, mask);
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = leader;
  }

  private static byte @Nullable [] nameOf(Escrow leader) {
    return leader.party == null ? null : leader.party.name;
  }

  private static int home(Escrow leader, int mask) {
    byte[] name = nameOf(leader);
    return home(leader.group.name, name == null ? new byte[0] : name, mask);
  }

  private static int home(String group, byte[] name, int mask) {
    long hash = mixed(SALT ^ group.hashCode());
    for (byte b : name) {
      hash = mixed(hash ^ b);
    }
    return (int) (hash >>> 32) & mask;
  }

  private static long mixed(long hash) {
    long once = (hash ^ hash >>> 32) * 0x9E37_79B9_7F4A_7C15L;
    return once ^ once >>> 29;
  }
}
