package io.escrowmq.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Compression;
import io.escrowmq.remoting.message.BadMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressorTest {

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldGiveBackWhatWasCompressed(Compression compression) {
    // given
    byte[] body = "the same again and again, ".repeat(1_000).getBytes(StandardCharsets.UTF_8);

    // when
    byte[] smaller = Compressor.compress(compression, body);

    // then
    assertThat(Compressor.expand(Compressor.flagsOf(compression), smaller)).isEqualTo(body);
    if (compression != Compression.NONE) {
      assertThat(smaller.length).isLessThan(body.length / 10);
    }
  }

  @Test
  void shouldReadTheFlagOfOldSendersAsZlib() {
    // given
    byte[] smaller = Compressor.compress(Compression.ZLIB, new byte[100]);

    // when, then
    assertThat(Compressor.expand(0x1, smaller)).isEqualTo(new byte[100]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x101, 0x201, 0x301, 0x701})
  void shouldRefuseBytesThatAreNotWhatTheFlagsSay(int sysFlag) {
    for (int seed = 0; seed < 200; seed++) {
      // given
      Random random = new Random(seed);
      byte[] garbage = new byte[random.nextInt(200)];
      random.nextBytes(garbage);

      // when, then
      assertThatThrownBy(() -> Compressor.expand(sysFlag, garbage))
          .as("seed %s", seed)
          .isInstanceOf(BadMessageException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void shouldRefuseBodiesThatGrowBeyondTheLimit(Compression compression) {
    // given: a small body that becomes 65 MiB
    byte[] bomb = Compressor.compress(compression, new byte[65 << 20]);

    // when, then
    assertThatThrownBy(() -> Compressor.expand(Compressor.flagsOf(compression), bomb))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining("more than");
  }
}
