package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeldShareTest {

  private final HeldBytes budget = new HeldBytes(Long.MAX_VALUE, List.of(), new Traffic());

  @Test
  void shouldTellTheBudgetOnlyChangesOfFourKibibytesAndMore() {
    // given
    HeldShare share = new HeldShare(budget, () -> 0);
    share.holdInput(10_000);
    assertThat(share.recount()).isTrue();

    // when
    share.holdInput(14_000);
    boolean more = share.recount();

    // then
    assertThat(more).isFalse();
    assertThat(share.bytes()).isEqualTo(10_000);
  }

  @Test
  void shouldHoldNothingWhenItsConnectionClosesWhileAnotherThreadCounts() {
    // given
    AtomicReference<HeldShare> share = new AtomicReference<>();
    share.set(new HeldShare(budget, () -> {
      share.get().letGo();
      return 10_000;
    }));

    // when
    share.get().recount();

    // then
    assertThat(share.get().bytes()).isZero();
  }
}
