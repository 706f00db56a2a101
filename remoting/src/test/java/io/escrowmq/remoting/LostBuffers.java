package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a class of tests fail when a buffer of the network was collected that nobody had released. It watches every buffer, as
 * servers do not: they run without this search, for what it costs.
 */
public final class LostBuffers implements BeforeAllCallback, AfterAllCallback {
  private static final long LONGEST_WAIT_MILLIS = 60_000;

  private static final List<String> FOUND = new CopyOnWriteArrayList<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> FOUND.add(type + records));
  }

  /** A buffer is told as lost when another is made after it was collected: one that is not found here is found by a later class. */
  @Override
  public void afterAll(ExtensionContext context) {
    assertThat(find()).as("buffers that nobody released").isEmpty();
  }

  /** Asks for what was lost so far, and forgets it. */
  static List<String> find() {
    awaitCollection(); // finds what is lost
    awaitCollection(); // ends when the first one is told to all who wait for it
    PooledByteBufAllocator.DEFAULT.directBuffer().release();
    List<String> found = List.copyOf(FOUND);
    FOUND.removeAll(found);
    return found;
  }

  // The virtual machine tells what it found in one collection after the other.
  private static void awaitCollection() {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    WeakReference<Object> sentinel = new WeakReference<>(new Object(), collected);
    System.gc();
    try {
      assertThat(collected.remove(LONGEST_WAIT_MILLIS))
          .as("the collected sentinel")
          .isSameAs(sentinel);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while garbage is collected", e);
    }
  }
}
