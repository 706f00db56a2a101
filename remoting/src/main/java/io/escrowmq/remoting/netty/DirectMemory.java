package io.escrowmq.remoting.netty;

import io.netty.util.internal.PlatformDependent;

/** The memory outside of the heap that network and files share ({@code -XX:MaxDirectMemorySize}). */
final class DirectMemory {

  private static final long LEAST = 32L << 20; // two of the largest frames

  private DirectMemory() {}

  /** One part of so many, for what peers may make a server hold. */
  static long part(int parts) {
    return Math.max(LEAST, PlatformDependent.maxDirectMemory() / parts);
  }
}
