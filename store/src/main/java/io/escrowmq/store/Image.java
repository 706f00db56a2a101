package io.escrowmq.store;

import java.io.DataOutput;
import java.io.IOException;

/** What a {@link View} looked like at a position. When it is whole, any thread may write it out. */
public interface Image {

  /**
   * Takes a bounded part of what is still missing; true when it is whole. Only the view's owner. The
   * view may change between two calls, and the image is still that of the moment when it was begun.
   */
  default boolean take() {
    return true;
  }

  /** Takes all that is missing. */
  default Image whole() {
    while (!take()) {
      // each part is bounded
    }
    return this;
  }

  /** Writes what {@link View#restore} reads. It is whole. */
  void writeTo(DataOutput out) throws IOException;

  /** The number of the format that it is written in: {@link View#format} of the same build. */
  default int format() {
    return 1;
  }
}
