package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModeTest {

  @Test
  void shouldHoldTransactionsAgainstPlainSendsOfAsManyThreads() {
    assertThat(Mode.TX16.plain()).contains(Mode.SYNC16);
    assertThat(Mode.TX64.plain()).contains(Mode.SYNC64);
    assertThat(Mode.SYNC16.plain()).isEmpty();
  }
}
