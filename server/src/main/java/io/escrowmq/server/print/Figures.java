package io.escrowmq.server.print;

import java.time.Instant;
import java.util.Locale;

/** Numbers as people read them. Pure. */
public final class Figures {

  private static final long[] SECONDS = {86_400, 3_600, 60, 1};
  private static final char[] TIME_UNITS = {'d', 'h', 'm', 's'};
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Figures() {}

  /** "2d 4h", "3m 12s", "0s": the two largest units. Negative ones, from clocks that differ, are 0. */
  public static String duration(long millis) {
    long seconds = Math.max(millis, 0) / 1000;
    for (int i = 0; i < SECONDS.length - 1; i++) {
      if (seconds >= SECONDS[i]) {
        String whole = "" + seconds / SECONDS[i] + TIME_UNITS[i];
        long rest = seconds % SECONDS[i] / SECONDS[i + 1];
        return rest == 0 ? whole : whole + " " + rest + TIME_UNITS[i + 1];
      }
    }
    return seconds + "s";
  }

  /** "412 B", "1.3 KiB". */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = (double) bytes / (1L << (10 * unit));
    return String.format(Locale.ROOT, "%.1f %s", value, BYTE_UNITS[unit]);
  }

  /** A moment in the form of ISO 8601, in UTC. */
  public static String moment(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }
}
