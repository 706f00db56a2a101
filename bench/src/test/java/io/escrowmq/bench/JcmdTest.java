package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JcmdTest {

  @Test
  void shouldAddUpTheGenerationsOfTheSerialCollector() {
    // given
    String info = """
        1234:
         def new generation   total 157248K, used 1000K [0x00000000e0000000, 0x00000000eaaa0000)
          eden space 139776K,   1% used [0x00000000e0000000, 0x00000000e03ce8f8, 0x00000000e8880000)
         tenured generation   total 349568K, used 24K [0x00000000eaaa0000, 0x0000000100000000)
           the space 349568K,   0% used [0x00000000eaaa0000, 0x00000000eaaa0000, 0x0000000100000000)
         Metaspace       used 15034K, committed 15360K, reserved 1114112K
          class space    used 1500K, committed 1664K, reserved 1048576K
        """;

    // when / then
    assertThat(Jcmd.usedHeapBytes(info)).isEqualTo(1024 * 1024);
  }

  @Test
  void shouldReadTheOneLineOfOtherCollectors() {
    assertThat(Jcmd.usedHeapBytes(
            " garbage-first heap   total 262144K, used 2048K [0x0, 0x1)\n  region size 1024K"))
        .isEqualTo(2L << 20);
    assertThat(Jcmd.usedHeapBytes(" ZHeap           used 12M, capacity 256M, max capacity 512M"))
        .isEqualTo(12L << 20);
  }
}
