package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LostBuffersTest {
  @Test
  void shouldFindABufferThatNobodyReleased() {
    // when
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);

    // then
    assertThat(LostBuffers.find()).hasSize(1);
  }
}
