package io.escrowmq.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * First half-messages of transactions that have a name, by group and name. The hash is salted, since
 * producers choose the names. Owner: the coordinator.
 */
final class NameTable extends ProbeTable {

  private static final byte[] NO_NAME = {};

  private final long salt;

  /**
   * @param salt what nobody can guess. It decides where an entry lies and nothing else: the table is
   *     never walked through
   */
  NameTable(long salt) {
    this.salt = salt;
  }

  @Nullable
  Escrow find(String group, String name) {
    byte[] wanted = name.getBytes(UTF_8);
    long hash = hash(group, wanted);
    @Nullable Escrow[] part = part(hash);
    for (int i = home(hash, part); ; i = (i + 1) & (part.length - 1)) {
      Escrow found = part[i];
      if (found == null
          || (found.group.name.equals(group) && Arrays.equals(nameOf(found), wanted))) {
        return found;
      }
    }
  }

  @Override
  long hash(Escrow leader) {
    return hash(leader.group.name, nameOf(leader));
  }

  private static byte[] nameOf(Escrow leader) {
    return leader.party == null || leader.party.name == null ? NO_NAME : leader.party.name;
  }

  private long hash(String group, byte[] name) {
    long hash = mixed(salt ^ group.hashCode());
    for (byte b : name) {
      hash = mixed(hash ^ b);
    }
    return hash;
  }

  private static long mixed(long hash) {
    long once = (hash ^ hash >>> 32) * 0x9E37_79B9_7F4A_7C15L;
    return once ^ once >>> 29;
  }
}
