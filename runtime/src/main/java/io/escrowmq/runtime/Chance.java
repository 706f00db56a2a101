package io.escrowmq.runtime;

/** The door to random numbers. Any thread. */
public interface Chance {

  /** Any number, equally likely; quick, and may be guessed by those who try. */
  long next();

  /** Any number that nobody can guess, for what protects against attackers; may be slow. */
  long secret();

  /** A number of 0 to {@code bound} - 1; the bound is at least 1. */
  default int below(int bound) {
    return (int) Math.floorMod(next() >>> 1, (long) bound);
  }
}
