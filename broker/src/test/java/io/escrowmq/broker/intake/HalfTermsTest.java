package io.escrowmq.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.message.Properties;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HalfTermsTest {

  @Test
  void shouldReadWhatTheSenderTold() {
    String control = Properties.format(new TreeMap<>(Map.of(
        "PGROUP",
        "g",
        "ESCROW_TX",
        "t",
        "ESCROW_XA",
        "true",
        "CHECK_IMMUNITY_TIME_IN_SECONDS",
        "7")));

    assertThat(HalfTerms.of(control)).isEqualTo(new HalfTerms(control, "g", "t", true, "7"));
  }

  @Test
  void shouldKnowNothingThatWasNotTold() {
    assertThat(HalfTerms.of("")).isEqualTo(new HalfTerms("", "", null, false, null));
  }

  @Test
  void shouldTakeTheSendersGroupOnlyWhereThePropertiesNameNone() {
    HalfTerms named = HalfTerms.of("PGROUP\u0001own\u0002", "other");
    HalfTerms unnamed = HalfTerms.of("DELAY\u00013\u0002", "other");

    assertThat(named.group()).isEqualTo("own");
    assertThat(unnamed.group()).isEqualTo("other");
    assertThat(HalfTerms.of(unnamed.control())).isEqualTo(unnamed);
  }
}
