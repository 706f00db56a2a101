package io.escrowmq.broker.core;

import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.DataVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A table that may be too long for one answer, told in pages in the order of names. Any thread.
 *
 * <p>An answer that asks for no page holds all, as older tools expect it, or is refused: half a table
 * must not pass for a whole one.
 */
public final class Pages<T> {

  /** The most bytes of JSON that an answer holds. */
  private static final int MOST_BYTES = RemotingSettings.DEFAULT_MAX_FRAME_BYTES - (64 << 10);

  private static final int MOST_OF_PAGE = 10_000;
  private static final int ATTRIBUTE_BYTES = 8;
  private static final int MOST_ESCAPED = 6; // bytes of a character that JSON has to escape

  /**
   * Where a table comes from.
   *
   * @param version of the table; never newer than what the other two tell afterwards
   * @param find one by its name; null when it is gone meanwhile
   * @param jsonBytes about how many bytes of JSON one takes; not fewer
   */
  public record Source<T>(
      Supplier<DataVersion> version,
      Supplier<? extends Collection<T>> all,
      Function<T, String> name,
      Function<String, @Nullable T> find,
      ToLongFunction<T> jsonBytes) {}

  /**
   * A page that ends early when it is full, or all if no page was asked for.
   *
   * @param total how many there are on all pages
   * @param bytes about how many bytes all of them take
   */
  public record Page<T>(DataVersion version, int total, long bytes, List<T> items) {}

  private record SortedNames(DataVersion version, String[] names, long bytes) {}

  private final Source<T> source;
  private volatile @Nullable SortedNames sorted; // null until somebody asks

  public Pages(Source<T> source) {
    this.source = source;
  }

  /**
   * The page from this place on; all when at most 0 were asked for.
   *
   * @param seen the version of the pages before, as it was told; whoever saw another one begins anew
   * @throws TooLongException when all were asked for and do not fit an answer
   */
  public Page<T> page(int from, int most, @Nullable String seen) {
    SortedNames all = sorted();
    boolean inPages = most > 0;
    if (!inPages && all.bytes > MOST_BYTES) {
      throw new TooLongException(all.names.length, all.bytes);
    }
    int place = inPages && isOf(all.version, seen) ? Math.max(0, from) : 0;
    int count = inPages ? Math.min(most, MOST_OF_PAGE) : all.names.length;
    List<T> page = new ArrayList<>(Math.min(count, all.names.length));
    long bytes = 0;
    for (int i = place; i < all.names.length && page.size() < count && bytes < MOST_BYTES; i++) {
      T item = source.find.apply(all.names[i]);
      if (item != null) {
        page.add(item);
        bytes += source.jsonBytes.applyAsLong(item);
      }
    }
    return new Page<>(all.version, all.names.length, all.bytes, page);
  }

  private static boolean isOf(DataVersion now, @Nullable String seen) {
    try {
      return seen != null
          && !seen.isBlank()
          && DataVersion.read(seen.getBytes(StandardCharsets.UTF_8)).equals(now);
    } catch (BadBodyException e) {
      return false;
    }
  }

  // Sorted once for all pages; a newer list replaces it.
  private SortedNames sorted() {
    SortedNames known = sorted;
    DataVersion version = source.version.get();
    if (known != null && known.version.equals(version)) {
      return known;
    }
    Collection<T> all = source.all.get();
    String[] names = all.stream().map(source.name).sorted().toArray(String[]::new);
    long bytes = all.stream().mapToLong(source.jsonBytes).sum();
    SortedNames made = new SortedNames(version, names, bytes);
    sorted = made;
    return made;
  }

  /** About how many bytes of JSON these attributes take; not fewer. */
  public static long jsonBytes(Map<String, String> attributes) {
    long bytes = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      bytes += ATTRIBUTE_BYTES + jsonBytes(attribute.getKey()) + jsonBytes(attribute.getValue());
    }
    return bytes;
  }

  private static long jsonBytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean isEscaped = character < ' ' || character == '"' || character == '\\';
      bytes += isEscaped ? MOST_ESCAPED : character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
    }
    return bytes;
  }

  /** All of a table was asked for at once, and is too long for an answer. */
  public static final class TooLongException extends RuntimeException {

    TooLongException(int items, long bytes) {
      super(
          items + " of them take about " + bytes + " bytes, at most " + MOST_BYTES
              + " fit an answer",
          null,
          false,
          false);
    }
  }
}
