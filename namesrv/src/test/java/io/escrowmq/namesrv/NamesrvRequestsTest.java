package io.escrowmq.namesrv;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.RequestTable;
import org.junit.jupiter.api.Test;

class NamesrvRequestsTest {

  @Test
  void shouldHandleEveryRequestOfTheProtocolPageAndOurOwn() {
    // given
    ByHand namesrv = new ByHand();

    // when, then: namesrv.md 1
    assertThat(NamesrvRequests.table(namesrv.loop, namesrv.settings, RequestTable.of())
            .codes())
        .containsExactly(
            100, 101, 102, 103, 104, 105, 106, 205, 206, 216, 217, 219, 224, 304, 311, 312, 313,
            318, 319, 322, 327, 901, 904, 30_010);
  }
}
