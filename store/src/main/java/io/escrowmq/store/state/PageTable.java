package io.escrowmq.store.state;

import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mapdb.Serializer;
import org.mapdb.SortedTableMap;

/**
 * The views' bytes in pages, in a sorted table of MapDB: written front to back, then only read. The
 * one class that needs MapDB, and so the one that is not loaded before there is a state file.
 */
final class PageTable {

  /** With its key it fills one page of the table. */
  static final int PAGE_BYTES = 60 << 10;

  private static final long TABLE_PAGE_BYTES = 64 << 10;

  private final DoorVolume volume;
  private final SortedTableMap<String, byte[]> pages;

  private PageTable(DoorVolume volume) {
    this.volume = volume;
    this.pages = SortedTableMap.open(volume, Serializer.STRING, Serializer.BYTE_ARRAY);
  }

  /** Writes all images from the beginning of the file on; returns the length of the table. */
  static long write(StoreFile file, Map<String, Image> images) throws IOException {
    DoorVolume volume = new DoorVolume(file, 0, false);
    SortedTableMap.Sink<String, byte[]> sink = SortedTableMap.create(
            volume, Serializer.STRING, Serializer.BYTE_ARRAY)
        .pageSize(TABLE_PAGE_BYTES)
        .nodeSize(1)
        .createFromSink();
    // the table wants its keys in order
    List<String> names =
        images.keySet().stream().sorted(Comparator.comparing(n -> key(n, 0))).toList();
    for (String name : names) {
      Pages out = new Pages(name, sink);
      Image image = images.get(name);
      if (image != null) {
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(image.format());
        image.writeTo(data);
      }
      out.close();
    }
    sink.create();
    return volume.length();
  }

  static PageTable open(StoreFile file, long length) {
    return new PageTable(new DoorVolume(file, length, true));
  }

  /** What the disk said instead of giving the file's bytes; null while it gave them. */
  @Nullable
  StorageException failure() {
    return volume.failure();
  }

  /** The views that it has bytes of. */
  List<String> views() {
    List<String> views = new ArrayList<>();
    for (String key = pages.isEmpty() ? null : pages.firstKey(); key != null; ) {
      String view = key.substring(0, key.lastIndexOf('/'));
      views.add(view);
      key = pages.higherKey(key(view, 99_999_999));
    }
    return views;
  }

  boolean has(String view) {
    return pages.containsKey(key(view, 0));
  }

  /** The bytes of a view. */
  InputStream read(String view) {
    return new InputStream() {
      private byte[] page = new byte[0];
      private int at;
      private int number;

      @Override
      public int read() {
        return turn() ? page[at++] & 0xFF : -1;
      }

      @Override
      public int read(byte[] target, int from, int length) {
        if (length == 0) {
          return 0;
        }
        if (!turn()) {
          return -1;
        }
        int size = Math.min(length, page.length - at);
        System.arraycopy(page, at, target, from, size);
        at += size;
        return size;
      }

      /** To the next page when this one is used up; false at the end. */
      private boolean turn() {
        while (at == page.length) {
          byte @Nullable [] next = pages.get(key(view, number));
          if (next == null) {
            return false;
          }
          page = next;
          at = 0;
          number++;
        }
        return true;
      }
    };
  }

  private static String key(String view, int page) {
    return String.format(Locale.ROOT, "%s/%08d", view, page);
  }

  /** Cuts a view's bytes into pages. At least one, so that an empty view is known too. */
  private static final class Pages extends OutputStream {
    private final String view;
    private final SortedTableMap.Sink<String, byte[]> sink;
    private final byte[] page = new byte[PAGE_BYTES];
    private int filled;
    private int number;

    Pages(String view, SortedTableMap.Sink<String, byte[]> sink) {
      this.view = view;
      this.sink = sink;
    }

    @Override
    public void write(int b) {
      if (filled == page.length) {
        put();
      }
      page[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int from, int length) {
      int done = 0;
      while (done < length) {
        if (filled == page.length) {
          put();
        }
        int size = Math.min(length - done, page.length - filled);
        System.arraycopy(source, from + done, page, filled, size);
        filled += size;
        done += size;
      }
    }

    @Override
    public void close() {
      put();
    }

    private void put() {
      sink.put(key(view, number), Arrays.copyOf(page, filled));
      number++;
      filled = 0;
    }
  }
}
