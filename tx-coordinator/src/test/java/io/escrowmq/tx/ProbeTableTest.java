package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The turn of the log that makes a large table grow, or shrink, moves a small part of it. */
class ProbeTableTest {

  private static final int ENTRIES = 200_000;
  private static final int AT_MOST = ENTRIES / 100;

  private int looks; // at the hash of an entry: each that is moved is looked at

  private final ProbeTable table = new ProbeTable() {
    @Override
    long hash(Escrow escrow) {
      looks++;
      return escrow.id * 0x9E37_79B9_7F4A_7C15L;
    }
  };

  @Test
  void shouldMoveASmallPartAtATime() {
    // given
    GroupLedger group = new GroupLedger("g");
    List<Escrow> entries = new ArrayList<>();
    int most = 0;

    // when
    for (int i = 1; i <= ENTRIES; i++) {
      Escrow escrow = new Escrow(312L * i, 0, group, 1);
      entries.add(escrow);
      looks = 0;
      table.add(escrow);
      most = Math.max(most, looks);
    }
    Collections.shuffle(entries, new Random(1));
    for (Escrow escrow : entries) {
      looks = 0;
      table.remove(escrow);
      most = Math.max(most, looks);
    }

    // then
    assertThat(most).isBetween(2, AT_MOST);
  }
}
