package io.escrowmq.store;

import java.nio.file.Path;

/**
 * Something in a store's files that is not as it was written, or that cannot be read now. Immutable.
 *
 * @param file in which it is, or which is missing
 * @param at the first byte in the file
 * @param bytes how many; 0 when that cannot be told
 * @param position in the log, where records are lost; -1 when none are
 * @param what what was found
 * @param lost what is lost with it, in words of a user; of what cannot be read now, what waits for it
 * @param repair what a repair does about it, as "it is moved away"
 * @param mayPass it cannot be read now: nothing says that it is damaged
 */
public record Damage(
    Path file,
    long at,
    long bytes,
    long position,
    String what,
    String lost,
    String repair,
    boolean mayPass) {

  /** Damage for good of a whole file, or of an unknown part of it; no record of the log is lost. */
  public Damage(Path file, String what, String lost, String repair) {
    this(file, 0, 0, -1, what, lost, repair, false);
  }

  /**
   * What the disk does not give now.
   *
   * @param why what the disk said
   * @param waits what depends on it, and what to do, as sentences
   */
  public static Damage unreadable(Path file, String why, String waits) {
    return new Damage(file, 0, 0, -1, why, waits, "", true);
  }

  /** The same, by whoever knows what depends on it. */
  public Damage losing(String others) {
    return new Damage(file, at, bytes, position, what, others, repair, mayPass);
  }

  /** The same with what a repair does about it. */
  public String withRepair() {
    return repair.isEmpty() ? toString() : this + " A repair: " + repair + ".";
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
