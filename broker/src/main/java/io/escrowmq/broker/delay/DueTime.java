package io.escrowmq.broker.delay;

import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When a message is to become visible, as its properties say it. Pure. */
public final class DueTime {

  /** Further ahead than this is refused, as the protocol's own brokers do. */
  public static final long LONGEST_DELAY_MILLIS = TimeUnit.DAYS.toMillis(3);

  /** What the properties ask for: a time (0 for at once), or why it cannot be had. */
  public record DelayRequest(long dueMillis, @Nullable String refusal) {}

  private static final DelayRequest AT_ONCE = new DelayRequest(0, null);

  private DueTime() {}

  /** A delay level wins over a delay, a delay over a delivery time. */
  public static DelayRequest of(String properties, long nowMillis) {
    if (!properties.contains("DELAY") && !properties.contains("TIMER_DELIVER")) {
      return AT_ONCE;
    }
    String level = Properties.value(properties, PropertyNames.DELAY);
    return level != null && !level.equals("0")
        ? ofLevel(level, nowMillis)
        : ofTimer(properties, nowMillis);
  }

  /** Whether it is a delay level that counts, and not a time. */
  public static boolean isByLevel(String properties) {
    String level = Properties.value(properties, PropertyNames.DELAY);
    return level != null && !level.equals("0");
  }

  private static DelayRequest ofLevel(String text, long nowMillis) {
    Long level = number(text);
    if (level == null) {
      return refused(PropertyNames.DELAY, text);
    }
    if (level <= 0) {
      return AT_ONCE;
    }
    return new DelayRequest(nowMillis + DelayLevels.millis((int) Math.min(level, 18)), null);
  }

  private static DelayRequest ofTimer(String properties, long nowMillis) {
    if (Properties.has(properties, PropertyNames.TIMER_OUT_MILLIS)) {
      return AT_ONCE; // another broker has delayed it
    }
    String seconds = Properties.value(properties, PropertyNames.TIMER_DELAY_SECONDS);
    if (seconds != null) {
      Long delay = number(seconds);
      return delay == null
          ? refused(PropertyNames.TIMER_DELAY_SECONDS, seconds)
          : bounded(clampedAdd(nowMillis, delay, 1000), nowMillis);
    }
    String millis = Properties.value(properties, PropertyNames.TIMER_DELAY_MILLIS);
    if (millis != null) {
      Long delay = number(millis);
      return delay == null
          ? refused(PropertyNames.TIMER_DELAY_MILLIS, millis)
          : bounded(clampedAdd(nowMillis, delay, 1), nowMillis);
    }
    String at = Properties.value(properties, PropertyNames.TIMER_DELIVER_MILLIS);
    if (at != null) {
      Long due = number(at);
      return due == null
          ? refused(PropertyNames.TIMER_DELIVER_MILLIS, at)
          : bounded(due, nowMillis);
    }
    return AT_ONCE;
  }

  private static DelayRequest bounded(long dueMillis, long nowMillis) {
    if (dueMillis <= nowMillis) {
      return AT_ONCE;
    }
    if (dueMillis - nowMillis > LONGEST_DELAY_MILLIS) {
      return new DelayRequest(
          0,
          "the delivery time " + Instant.ofEpochMilli(dueMillis) + " is "
              + inWords(dueMillis - nowMillis) + " ahead, at most "
              + inWords(LONGEST_DELAY_MILLIS) + " are allowed");
    }
    return new DelayRequest(dueMillis, null);
  }

  private static String inWords(long millis) {
    Duration span = Duration.ofMillis(millis);
    String days = span.toDays() + (span.toDays() == 1 ? " day" : " days");
    Duration rest = span.minusDays(span.toDays());
    return rest.isZero()
        ? days
        : days + " and " + rest.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static long clampedAdd(long nowMillis, long delay, long unitMillis) {
    long most = (Long.MAX_VALUE - nowMillis) / unitMillis;
    return delay > most ? Long.MAX_VALUE : nowMillis + delay * unitMillis;
  }

  private static DelayRequest refused(String property, String value) {
    return new DelayRequest(0, "the property " + property + " is not a number: '" + value + "'");
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text.trim());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
