package io.escrowmq.server.settings;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that settings have, and options of the command line. */
public final class ValueTypes {

  private static final int MAX_PORT = 65535;
  private static final Pattern NUMBER_WITH_UNIT =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([a-zA-Z]*)");
  private static final Pattern NAME = Pattern.compile("[%|a-zA-Z0-9_-]{1,127}");

  private static final Map<String, Long> BYTE_UNITS = new LinkedHashMap<>();
  private static final Map<String, Long> TIME_UNITS_MILLIS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> HOUR_UNITS_MILLIS = new LinkedHashMap<>(TIME_UNITS_MILLIS);

  static {
    HOUR_UNITS_MILLIS.put("", 3_600_000L);
    String[] prefixes = {"k", "m", "g", "t"};
    long binary = 1;
    long decimal = 1;
    BYTE_UNITS.put("", 1L);
    BYTE_UNITS.put("b", 1L);
    for (String prefix : prefixes) {
      binary <<= 10;
      decimal *= 1000;
      BYTE_UNITS.put(prefix, binary);
      BYTE_UNITS.put(prefix + "ib", binary);
      BYTE_UNITS.put(prefix + "b", decimal);
    }
  }

  private ValueTypes() {}

  public static ValueType<Endpoint> endpoint() {
    return type("HOST:PORT", ValueTypes::parseEndpoint, Endpoint::toString);
  }

  /** Empty stands for "work it out yourself"; without a port, it is 0. */
  static ValueType<Optional<Endpoint>> advertised() {
    return type(
        "HOST, HOST:PORT or empty",
        text -> {
          if (text.isEmpty()) {
            return Optional.empty();
          }
          boolean hostOnly = text.indexOf(':') < 0 || text.endsWith("]");
          return Optional.of(parseEndpoint(hostOnly ? text + ":0" : text));
        },
        value -> value.map(Endpoint::toString).orElse(""));
  }

  static ValueType<Optional<Endpoint>> optionalEndpoint() {
    return type(
        "HOST:PORT or empty",
        text -> text.isEmpty() ? Optional.empty() : Optional.of(parseEndpoint(text)),
        value -> value.map(Endpoint::toString).orElse(""));
  }

  static ValueType<Optional<Path>> optionalFile() {
    return type(
        "file or empty",
        text -> text.isEmpty() ? Optional.empty() : Optional.of(path(text)),
        value -> value.map(Path::toString).orElse(""));
  }

  /** Separated by semicolons, as RocketMQ writes them, or by commas. */
  static ValueType<List<Endpoint>> endpoints() {
    return type(
        "HOST:PORT;HOST:PORT...",
        text -> {
          List<Endpoint> all = new ArrayList<>();
          for (String one : text.split("[;,]", -1)) {
            if (!one.isBlank()) {
              all.add(parseEndpoint(one.strip()));
            }
          }
          return List.copyOf(all);
        },
        value -> value.stream().map(Endpoint::toString).collect(Collectors.joining(";")));
  }

  static ValueType<String> name() {
    return type(
        "name",
        text -> {
          if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                "a name has 1 to 127 of the characters a-z A-Z 0-9 _ - % |.");
          }
          return text;
        },
        Function.identity());
  }

  static ValueType<Path> directory() {
    return type(
        "directory",
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("a directory is needed; write . for this one.");
          }
          return path(text);
        },
        Path::toString);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("this is no path: " + e.getReason() + ".", e);
    }
  }

  static ValueType<Boolean> flag() {
    return type(
        "true or false",
        text -> switch (text.toLowerCase(Locale.ROOT)) {
          case "true", "yes", "on" -> true;
          case "false", "no", "off" -> false;
          default -> throw new IllegalArgumentException("write true or false.");
        },
        String::valueOf);
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> words) {
    List<String> all =
        java.util.Arrays.stream(words.getEnumConstants()).map(ValueTypes::word).toList();
    return type(
        String.join(" or ", all),
        text -> {
          for (E value : words.getEnumConstants()) {
            if (word(value).equalsIgnoreCase(text)) {
              return value;
            }
          }
          throw new IllegalArgumentException("write one of " + String.join(", ", all) + ".");
        },
        ValueTypes::word);
  }

  /** Any of the words, separated by commas; "none" for none of them. */
  static <E extends Enum<E>> ValueType<Set<E>> someOf(Class<E> words) {
    ValueType<E> one = oneOf(words);
    return type(
        one.description().replace(" or ", ", ") + ", or none",
        text -> {
          Set<E> some = EnumSet.noneOf(words);
          for (String word : text.split("[,;]", -1)) {
            if (!word.isBlank() && !word.strip().equalsIgnoreCase("none")) {
              some.add(one.parse(word.strip()));
            }
          }
          return Collections.unmodifiableSet(some);
        },
        value -> value.isEmpty()
            ? "none"
            : value.stream().map(ValueTypes::word).collect(Collectors.joining(",")));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A whole number, both bounds included. */
  static ValueType<Integer> count(int least, int most) {
    return type(
        least + " to " + most,
        text -> {
          int value;
          try {
            value = Integer.parseInt(text);
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                "write a whole number from " + least + " to " + most + ".", e);
          }
          if (value < least || value > most) {
            throw new IllegalArgumentException(
                "the least is " + least + ", the most is " + most + ".");
          }
          return value;
        },
        String::valueOf);
  }

  /** A number of bytes, plain or with a unit; both bounds included. */
  static ValueType<Long> bytes(long least, long most) {
    String bounds = most == Long.MAX_VALUE
        ? "from " + printBytes(least)
        : printBytes(least) + " to " + printBytes(most);
    return type(
        "bytes, " + bounds,
        text -> {
          BigDecimal value =
              number(text, BYTE_UNITS, "write a number of bytes, or one with a unit: 128MiB, 1GB.");
          if (value.compareTo(BigDecimal.valueOf(least)) < 0
              || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new IllegalArgumentException(
                most == Long.MAX_VALUE
                    ? "the least is " + printBytes(least) + "."
                    : "the least is " + printBytes(least) + ", the most " + printBytes(most) + ".");
          }
          return value.longValue();
        },
        ValueTypes::printBytes);
  }

  /** A time whose plain number means hours; both bounds included. */
  static ValueType<Duration> hours(Duration least, Duration most) {
    return time(
        "hours",
        HOUR_UNITS_MILLIS,
        "write a number of hours, or one with a unit: 72h, 3d.",
        least,
        most);
  }

  /** A time that must be written with its unit; both bounds included. */
  public static ValueType<Duration> time(Duration least, Duration most) {
    return time(
        "time", TIME_UNITS_MILLIS, "write a number with a unit: 500ms, 6s, 10m, 1h.", least, most);
  }

  private static ValueType<Duration> time(
      String what, Map<String, Long> units, String wayOut, Duration least, Duration most) {
    return type(
        what + ", " + printTime(least) + " to " + printTime(most),
        text -> {
          BigDecimal millis = number(text, units, wayOut);
          if (millis.compareTo(BigDecimal.valueOf(least.toMillis())) < 0
              || millis.compareTo(BigDecimal.valueOf(most.toMillis())) > 0) {
            throw new IllegalArgumentException(
                "the least is " + printTime(least) + ", the most " + printTime(most) + ".");
          }
          return Duration.ofMillis(millis.longValue());
        },
        ValueTypes::printTime);
  }

  private static BigDecimal number(String text, Map<String, Long> units, String wayOut) {
    Matcher matcher = NUMBER_WITH_UNIT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(wayOut);
    }
    Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
    if (unit == null) {
      String unknown = matcher.group(2);
      throw new IllegalArgumentException(
          unknown.isEmpty() ? wayOut : "\"" + unknown + "\" is no unit known here; " + wayOut);
    }
    return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
  }

  private static String printBytes(long bytes) {
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (int i = 0; i < units.length; i++) {
      long unit = 1L << (10 * (units.length - i));
      if (bytes != 0 && bytes % unit == 0) {
        return bytes / unit + units[i];
      }
    }
    return Long.toString(bytes);
  }

  /** With the largest unit of which it is a whole number; days are written as hours. */
  private static String printTime(Duration time) {
    long millis = time.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static Endpoint parseEndpoint(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (colon < 0 || host.isBlank() || (!bracketed && host.indexOf(':') >= 0)) {
      throw new IllegalArgumentException(
          "write HOST:PORT, such as 127.0.0.1:9876 or [::1]:9876; port 0 picks a free one.");
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 0 && port <= MAX_PORT) {
        return new Endpoint(host, port);
      }
    } catch (NumberFormatException e) {
      // told below, like a number out of range
    }
    throw new IllegalArgumentException(
        "the port is a number from 0 to " + MAX_PORT + "; 0 picks a free one.");
  }

  private static <T> ValueType<T> type(
      String description, Function<String, T> parse, Function<T, String> print) {
    return new ValueType<>() {
      @Override
      public String description() {
        return description;
      }

      @Override
      public T parse(String text) {
        return parse.apply(text);
      }

      @Override
      public String print(T value) {
        return print.apply(value);
      }
    };
  }
}
