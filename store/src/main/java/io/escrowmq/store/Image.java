package io.escrowmq.store;

import java.io.DataOutput;
import java.io.IOException;

/** What a {@link View} looked like at a position. Immutable: any thread may write it out. */
public interface Image {

  /** Writes what {@link View#restore} reads. */
  void writeTo(DataOutput out) throws IOException;

  /** The number of the format that it is written in: {@link View#format} of the same build. */
  default int format() {
    return 1;
  }
}
