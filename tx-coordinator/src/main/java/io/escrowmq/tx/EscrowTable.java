package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/** Half-messages by id. Owner: the coordinator. */
final class EscrowTable extends ProbeTable {

  @Nullable
  Escrow find(long id) {
    long hash = hash(id);
    @Nullable Escrow[] part = part(hash);
    for (int i = home(hash, part); ; i = (i + 1) & (part.length - 1)) {
      Escrow found = part[i];
      if (found == null || found.id == id) {
        return found;
      }
    }
  }

  @Override
  long hash(Escrow escrow) {
    return hash(escrow.id);
  }

  // Ids are positions: multiples of eight, at similar distances.
  private static long hash(long id) {
    return id * 0x9E37_79B9_7F4A_7C15L;
  }
}
