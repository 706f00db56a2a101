package io.escrowmq.bench.load;

import java.util.SplittableRandom;

/** Bytes that nothing on the way can compress. */
final class Noise {
  private Noise() {}

  /** The same bytes for the same length every time. */
  static byte[] bytes(int length) {
    byte[] noise = new byte[length];
    new SplittableRandom(length).nextBytes(noise);
    return noise;
  }
}
