package io.escrowmq.remoting;

import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LostBuffersTest {
  @Test
  void shouldFindABufferThatNobodyReleased() {
    // When
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);

    // Then
    await().until(() -> LostBuffers.find().size() == 1);
  }
}
