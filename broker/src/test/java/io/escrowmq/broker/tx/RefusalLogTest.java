package io.escrowmq.broker.tx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalLogTest {

  private final RefusalLog refusals = new RefusalLog();

  @Test
  void shouldSayOneLineInTenSecondsAndHowManyWereLeftOut() {
    // when
    String first = refusals.line(1_000, "the topic a was deleted");
    String tooEarly = refusals.line(10_999, "the topic b was deleted");
    String later = refusals.line(11_000, "the topic c was deleted");
    String latest = refusals.line(21_000, "the topic d was deleted");

    // then
    assertThat(first).endsWith("the topic a was deleted");
    assertThat(tooEarly).isNull();
    assertThat(later).endsWith("the topic c was deleted (1 others were refused before)");
    assertThat(latest).endsWith("the topic d was deleted");
  }
}
