package io.escrowmq.broker.recent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A message's unique key in 128 bits: what the 32 hex characters say that clients make, and the
 * beginning of a SHA-256 digest of any other text. So two that are equal are the same key.
 */
public record UniqueKey(long high, long low) {

  private static final int HEX_CHARACTERS = 32;
  private static final int LONG_CHARACTERS = 16;
  private static final long ODD = 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio

  /**
   * The key of a message with this body. A key may travel: who sends a message on under its key, with
   * another body, does not send it again.
   */
  public static UniqueKey of(String text, int bodyCrc) {
    UniqueKey key = of(text);
    return new UniqueKey(key.high, key.low ^ bodyCrc * ODD);
  }

  static UniqueKey of(String text) {
    if (text.length() == HEX_CHARACTERS) {
      int bad = 0;
      long high = 0;
      long low = 0;
      for (int i = 0; i < LONG_CHARACTERS; i++) {
        int upper = digit(text.charAt(i));
        int lower = digit(text.charAt(LONG_CHARACTERS + i));
        bad |= upper | lower;
        high = (high << 4) | upper;
        low = (low << 4) | lower;
      }
      if (bad >= 0) {
        return new UniqueKey(high, low);
      }
    }
    return digest(text);
  }

  // Clients write upper case; text in lower case is another key, and digested.
  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  private static UniqueKey digest(String text) {
    try {
      ByteBuffer digest = ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
      return new UniqueKey(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * For tables; each bit is as good as another. The keys of one client differ in few bits, which stand
   * where they always do; so all are mixed.
   *
   * @param salt secret, so that an attacker cannot choose keys that collide
   */
  int hash(long salt) {
    return (int) mixed(mixed(high ^ salt) + low);
  }

  private static long mixed(long bits) {
    long once = (bits ^ (bits >>> 32)) * ODD;
    long twice = (once ^ (once >>> 29)) * ODD;
    return twice ^ (twice >>> 32);
  }
}
