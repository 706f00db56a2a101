package io.escrowmq.runtime.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs out of others: parts left out, repeated, exchanged, and numbers that lie. From a seed. */
final class Mutations {

  private static final int LONGEST = 16 << 10;

  private final List<byte[]> from;
  private final Random random;

  Mutations(List<byte[]> from, long seed) {
    this.from = from.isEmpty() ? List.of(new byte[1]) : from;
    this.random = new Random(seed);
  }

  byte[] next() {
    byte[] bytes = any().clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = changed(bytes);
    }
    return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
  }

  private byte[] any() {
    return from.get(random.nextInt(from.size()));
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int length = random.nextInt(Math.min(64, bytes.length - at) + 1);
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> joined(bytes, at, new byte[0], at + length); // left out
      case 2 -> joined(bytes, at + length, bytes, at); // twice
      case 3 -> joined(bytes, at, part(any()), at + length); // of another
      case 4 -> joined(bytes, at, noise(), at);
      case 5 -> withNumber(bytes, at);
      case 6 -> withByte(bytes, at, (byte) random.nextInt());
      default -> withByte(bytes, at, (byte) "\0\1\2{}[]\",:\\'()".charAt(random.nextInt(14)));
    };
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(9)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] part(byte[] other) {
    int at = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, at, at + random.nextInt(other.length - at + 1));
  }

  private static byte[] withByte(byte[] bytes, int at, byte value) {
    if (at < bytes.length) {
      bytes[at] = value;
    }
    return bytes;
  }

  private byte[] withNumber(byte[] bytes, int at) {
    long[] lies = {
      -1,
      0,
      1,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      bytes.length,
      bytes.length - at,
      random.nextInt(),
      random.nextInt(1 << 16)
    };
    long lie = lies[random.nextInt(lies.length)];
    int width = 1 << random.nextInt(4);
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (lie >>> (8 * (width - 1 - i)));
    }
    return bytes;
  }

  /** The first bytes up to an index, something between, and the first ones again from an index on. */
  private static byte[] joined(byte[] bytes, int until, byte[] between, int from) {
    byte[] result = Arrays.copyOf(bytes, until + between.length + bytes.length - from);
    System.arraycopy(between, 0, result, until, between.length);
    System.arraycopy(bytes, from, result, until + between.length, bytes.length - from);
    return result;
  }
}
