package io.escrowmq.broker.core;

import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.Image;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a view at one moment: some are taken in each turn, and each one before it changes. Written in
 * the order of their keys, so that equal states are equal bytes. Owner: the log loop until it is whole.
 */
public final class RowsImage<K, V> implements Image {

  private static final int ROWS_AT_ONCE = 1 << 10;
  private static final int ROW_BYTES = 256; // to begin with

  /** What it is made of. */
  public interface Rows<K, V> {

    /** What stands before the rows: as it was when the image was begun. */
    default void writeHead(DataOutput out) throws IOException {}

    /** The row of a key as it is now; null when there is none, or nothing to be written. */
    @Nullable
    V row(K key);

    void write(K key, V row, FieldWriter out);
  }

  private final Rows<K, V> rows;
  private final Iterator<? extends K> left;
  private final Comparator<? super K> order;
  private final Runnable whenWhole;
  private final Map<K, @Nullable V> taken; // null: it has no row
  private boolean isWhole;

  /**
   * @param keys all that have a row now; what comes and goes meanwhile may appear, what stays appears once
   * @param about how many there are
   * @param whenWhole from then on nothing need be taken before it changes
   */
  public RowsImage(
      Iterator<? extends K> keys,
      int about,
      Comparator<? super K> order,
      Rows<K, V> rows,
      Runnable whenWhole) {
    this.left = keys;
    this.whenWhole = whenWhole;
    this.order = order;
    this.rows = rows;
    this.taken = new HashMap<>(about + about / 3 + 1);
  }

  @Override
  public boolean take() {
    for (int i = 0; i < ROWS_AT_ONCE && left.hasNext(); i++) {
      take(left.next());
    }
    if (left.hasNext()) {
      return false;
    }
    if (!isWhole) {
      isWhole = true;
      whenWhole.run();
    }
    return true;
  }

  /** Takes one row if that is still to be done: it is about to change, to come or to go. */
  public void take(K key) {
    if (!taken.containsKey(key)) {
      taken.put(key, rows.row(key));
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    List<Map.Entry<K, @Nullable V>> all = taken.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .sorted(Map.Entry.comparingByKey(order))
        .toList();
    rows.writeHead(out);
    out.writeInt(all.size());
    FieldWriter fields = new FieldWriter("a row of a state file", ROW_BYTES);
    for (Map.Entry<K, @Nullable V> entry : all) {
      rows.write(entry.getKey(), entry.getValue(), fields);
      fields.moveTo(out);
    }
  }
}
