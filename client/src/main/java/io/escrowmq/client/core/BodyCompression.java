package io.escrowmq.client.core;

import io.escrowmq.client.Compression;

/**
 * Which bodies go over the network compressed, and how. Immutable, checked.
 *
 * @param fromBytes smaller bodies stay as they are
 */
public record BodyCompression(Compression kind, int fromBytes) {

  /** Bodies go as they are. */
  public static final BodyCompression NONE = new BodyCompression(Compression.NONE, 1);

  /**
   * A rule that can be followed here.
   *
   * @throws IllegalStateException when the library for it is not on the class path
   */
  public BodyCompression {
    if (fromBytes < 1) {
      throw new IllegalArgumentException(
          "compression begins at " + fromBytes + " bytes, at least 1 is needed");
    }
    Compressor.checkAvailable(kind);
  }

  /** Whether a body of this size is worth the attempt. */
  public boolean isFor(int bytes) {
    return kind != Compression.NONE && bytes >= fromBytes;
  }
}
