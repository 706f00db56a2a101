package io.escrowmq.remoting;

import java.util.Random;
import java.util.function.Consumer;

/** Seeded bad bytes for decoders: noise, truncations, and good bytes with a few wrong ones. */
public final class Garbage {

  private static final int ROUNDS = 2_000;

  private Garbage() {}

  /** Feeds the decoder; it may refuse with one of the given exceptions and in no other way. */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static void feed(
      byte[] good,
      long seed,
      Consumer<byte[]> decoder,
      Class<? extends RuntimeException>... refusals) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = bad(good, random);
      try {
        decoder.accept(bytes);
      } catch (RuntimeException e) {
        if (!isOneOf(e, refusals)) {
          throw new AssertionError("seed " + seed + ", round " + round, e);
        }
      }
    }
  }

  private static byte[] bad(byte[] good, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        return noise;
      }
      case 1 -> {
        return java.util.Arrays.copyOf(good, random.nextInt(good.length));
      }
      case 2 -> {
        byte[] bytes = good.clone();
        int at = random.nextInt(Math.max(1, bytes.length - 4));
        int[] lies = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, bytes.length, random.nextInt()};
        int lie = lies[random.nextInt(lies.length)];
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
          bytes[at + i] = (byte) (lie >>> (24 - 8 * i));
        }
        return bytes;
      }
      default -> {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
      }
    }
  }

  private static boolean isOneOf(RuntimeException e, Class<? extends RuntimeException>[] refusals) {
    for (Class<? extends RuntimeException> refusal : refusals) {
      if (refusal.isInstance(e)) {
        return true;
      }
    }
    return false;
  }
}
