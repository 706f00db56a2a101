package io.escrowmq.store;

import java.nio.file.Path;

/**
 * Something in a store's files that is not as it was written, or that cannot be read now. Immutable.
 *
 * @param file in which it is, or which is missing
 * @param at the first byte in the file
 * @param bytes how many; 0 when that cannot be told
 * @param what what was found
 * @param lost what is lost with it, in words of a user; of what cannot be read now, what waits for it
 * @param mayPass it cannot be read now: nothing says that it is damaged
 */
public record Damage(Path file, long at, long bytes, String what, String lost, boolean mayPass) {

  /** Damage for good. */
  public Damage(Path file, long at, long bytes, String what, String lost) {
    this(file, at, bytes, what, lost, false);
  }

  /**
   * What the disk does not give now.
   *
   * @param why what the disk said
   * @param waits what depends on it, and what to do, as sentences
   */
  public static Damage unreadable(Path file, String why, String waits) {
    return new Damage(file, 0, 0, why, waits, true);
  }

  @Override
  public String toString() {
    if (mayPass) {
      return file + " cannot be read now (" + what + "). " + lost;
    }
    String where = bytes > 0 ? " byte " + at + " to " + (at + bytes) : "";
    return file + where + ": " + what + ". Lost: " + lost + ".";
  }
}
