package io.escrowmq.remoting.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the unique key of messages whose producer sent none, in the form that clients make: 32
 * upper-case hex characters with an IPv4 address, 56 with IPv6. Any thread may ask.
 *
 * <pre>
 *  +---------------+------------+----------+-----------------------------+---------+
 *  | address       | process id | instance | milliseconds of this month  | counter |
 *  | 4 or 16 bytes | int16      | int32    | int32                       | int16   |
 *  +---------------+------------+----------+-----------------------------+---------+
 * </pre>
 *
 * The month is taken as 31 days counted from the epoch: the clients' own reading differs by time
 * zone, and nobody may rely on more than that two ids of one process differ.
 */
public final class UniqueIds {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final int COUNTER_BITS = 16;
  private static final int CHANGING_DIGITS = 12;
  private static final long MONTH_MILLIS = 31L * 24 * 60 * 60 * 1000;

  private final byte[] prefix; // ASCII
  private final InstantSource clock;
  private final AtomicLong last = new AtomicLong(-1); // milliseconds, and 16 bits of counter

  /**
   * @param instance tells two makers within one process apart
   */
  public UniqueIds(InetAddress address, long processId, int instance, InstantSource clock) {
    String same = HEX.formatHex(address.getAddress())
        + HEX.toHexDigits((short) processId)
        + HEX.toHexDigits(instance);
    this.prefix = same.getBytes(StandardCharsets.US_ASCII);
    this.clock = clock;
  }

  /** Never the same twice within a month, also when the clock is set back. */
  public String next() {
    return next(clock.millis());
  }

  /**
   * As {@link #next()}, for who knows the time already.
   *
   * @param nowMillis since 1970; may be a little old
   */
  public String next(long nowMillis) {
    long now = (nowMillis % MONTH_MILLIS) << COUNTER_BITS;
    long next = last.updateAndGet(before -> isAhead(now, before) ? now : before + 1);
    byte[] id = Arrays.copyOf(prefix, prefix.length + CHANGING_DIGITS);
    for (int at = id.length - 1; at >= prefix.length; at--) {
      id[at] = DIGITS[(int) next & 0xF];
      next >>>= 4;
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  // A month that begins anew is not a clock that was set back.
  private static boolean isAhead(long now, long before) {
    return now > before || before - now > (MONTH_MILLIS / 2) << COUNTER_BITS;
  }
}
