package io.escrowmq.store.state;

import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.View;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the views looked like at a position of the log. To be closed when they are restored. */
public final class StateFile implements AutoCloseable {

  private final Path path;
  private final StoreFile file;
  private final long position;
  private final PageTable pages;

  StateFile(Path path, StoreFile file, long position, PageTable pages) {
    this.path = path;
    this.file = file;
    this.position = position;
    this.pages = pages;
  }

  /** Replay begins here. */
  public long position() {
    return position;
  }

  /** Whether it knows this view. */
  public boolean has(String view) {
    return pages.has(view);
  }

  /**
   * Lets the views become what they were.
   *
   * @throws StorageException with reason {@code NEWER} when a newer version wrote the file, which is
   *     then to be left as it is; {@code CORRUPT} when a view cannot use it, and it should be rejected;
   *     another reason when the disk failed, which says nothing of the file: see {@link #isUnreadable}
   */
  public void restore(List<View> views) {
    List<String> known = views.stream().map(View::name).toList();
    for (String view : pages.views()) {
      if (!known.contains(view)) {
        throw newer("it has a view " + view + ", which this version does not know");
      }
    }
    views.forEach(this::restoreOne);
  }

  /** The same for one view, whatever others the file has. */
  public void restoreOne(View view) {
    if (!pages.has(view.name())) {
      if (view.mayStartEmpty()) {
        return;
      }
      throw unusable(view, "it has none of its bytes", null);
    }
    try (InputStream bytes = pages.read(view.name())) {
      DataInputStream in = new DataInputStream(bytes);
      int format = in.readInt();
      if (format > view.format()) {
        throw newer("its view %s has format %d, this version reads format %d"
            .formatted(view.name(), format, view.format()));
      }
      if (format < view.format()) {
        throw unusable(view, "its format " + format + " is not read any more", null);
      }
      view.restore(in);
      if (bytes.read() >= 0) {
        throw new IOException("it left bytes unread");
      }
    } catch (StorageException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // what bytes of another meaning lead to
      throw unusable(view, e.toString(), e);
    }
  }

  private StorageException newer(String why) {
    return StateFiles.newer(path, why);
  }

  private StorageException unusable(View view, String why, @Nullable Exception cause) {
    return new StorageException(
        Reason.CORRUPT,
        "%s does not hold what the view %s can read: %s".formatted(path, view.name(), why),
        cause);
  }

  PageTable pages() {
    return pages;
  }

  /** Whether it was this file that the disk did not give. */
  public boolean isUnreadable() {
    return pages.failure() != null;
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    file.close();
  }
}
