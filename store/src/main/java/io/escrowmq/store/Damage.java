package io.escrowmq.store;

import java.nio.file.Path;

/**
 * Something in a store's files that is not as it was written. Immutable.
 *
 * @param file in which it is, or which is missing
 * @param at the first byte in the file
 * @param bytes how many; 0 when that cannot be told
 * @param what what was found
 * @param lost what is lost with it, in words of a user
 */
public record Damage(Path file, long at, long bytes, String what, String lost) {

  @Override
  public String toString() {
    String where = bytes > 0 ? " byte " + at + " to " + (at + bytes) : "";
    return file + where + ": " + what + ". Lost: " + lost + ".";
  }
}
