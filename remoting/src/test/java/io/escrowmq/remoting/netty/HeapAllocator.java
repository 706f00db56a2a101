package io.escrowmq.remoting.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** All buffers on the heap: what a machine that crashed leaves behind is nobody's loss. */
final class HeapAllocator extends AbstractByteBufAllocator {

  static final HeapAllocator INSTANCE = new HeapAllocator(() -> {});

  private final Runnable beforeEach;

  /** @param beforeEach is run by whatever asks for a buffer to write into */
  HeapAllocator(Runnable beforeEach) {
    super(false);
    this.beforeEach = beforeEach;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initial, int most) {
    return new UnpooledHeapByteBuf(this, initial, most);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initial, int most) {
    beforeEach.run();
    return new UnpooledHeapByteBuf(this, initial, most);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
