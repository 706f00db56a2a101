package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JcmdTest {

  @Test
  void shouldReadTheSumOfAHistogram() {
    // given
    String histogram = """
        1234:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         20817        1532640  [B (java.base@17.0.15)
           2:          3629        1295216  [Ljava.lang.Object; (java.base@17.0.15)
        Total         24446        2827856
        """;

    // when / then
    assertThat(Jcmd.totalBytes(histogram)).isEqualTo(2_827_856);
  }

  @Test
  void shouldSayWhatCameInsteadOfAHistogram() {
    assertThatThrownBy(() -> Jcmd.totalBytes("1234:\nNo such process"))
        .hasMessageContaining("No such process");
  }
}
