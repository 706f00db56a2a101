package io.escrowmq.remoting.secret;

import io.escrowmq.runtime.Chance;
import java.util.HexFormat;

/** What the other side has to answer with the help of the secret: never the same twice. */
public final class Challenge {

  private static final int DIGITS = 32;

  private Challenge() {}

  public static String next(Chance chance) {
    return String.format("%016x%016x", chance.secret(), chance.secret());
  }

  /** Whether a peer's challenge is long enough to be different each time, and no longer. */
  public static boolean isOne(String challenge) {
    return challenge.length() == DIGITS && challenge.chars().allMatch(HexFormat::isHexDigit);
  }
}
