package io.escrowmq.store.state;

import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.View;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

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
   * Lets the view become what it was.
   *
   * @throws StorageException with reason {@code CORRUPT} when that cannot be done; the file should be
   *     rejected then
   */
  public void restore(View view) {
    try (InputStream bytes = pages.read(view.name())) {
      view.restore(new DataInputStream(bytes));
      if (bytes.read() >= 0) {
        throw new IOException("it left bytes unread");
      }
    } catch (IOException e) {
      throw new StorageException(
          Reason.CORRUPT,
          "%s does not hold what the view %s can read: %s"
              .formatted(path, view.name(), e.getMessage()),
          e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    file.close();
  }
}
