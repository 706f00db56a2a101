package io.escrowmq.store.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The hash of topic and key: eight bytes a step, spread evenly. On disk: never changes. */
final class KeyHash {

  private static final long START = 0x45534352_4F574D51L; // ESCROWMQ
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private KeyHash() {}

  static long seed(String topic) {
    return hash(START, topic);
  }

  static long hash(long seed, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return hash(seed, ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  static long hash(long seed, ByteBuffer bytes, int index, int length) {
    long hash = seed + length;
    int at = index;
    int end = index + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = step(hash, bytes.getLong(at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = (rest << 8) | (bytes.get(at) & 0xFF);
    }
    return finish(step(hash, rest));
  }

  private static long step(long hash, long word) {
    long mixed = (hash ^ word) * STEP;
    return mixed ^ (mixed >>> 32);
  }

  private static long finish(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
