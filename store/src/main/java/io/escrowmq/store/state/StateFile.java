package io.escrowmq.store.state;

import io.escrowmq.store.View;

/** What the views looked like at a position of the log. To be closed when they are restored. */
@SuppressWarnings("DoNotCallSuggester") // the signatures come first, the body follows
public final class StateFile implements AutoCloseable {

  StateFile() {}

  /** Replay begins here. */
  public long position() {
    throw new UnsupportedOperationException();
  }

  /** Whether it knows this view. */
  public boolean has(String view) {
    throw new UnsupportedOperationException("view " + view);
  }

  /**
   * Lets the view become what it was.
   *
   * @throws io.escrowmq.store.StorageException with reason {@code CORRUPT} when that cannot be done;
   *     the file should be rejected then
   */
  public void restore(View view) {
    throw new UnsupportedOperationException("view " + view.name());
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
