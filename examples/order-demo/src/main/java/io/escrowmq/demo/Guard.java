package io.escrowmq.demo;

/** What keeps the services consistent, and can be taken away to see that it does. */
public enum Guard {
  /** A check that finds no outcome rules out that one comes later, before it answers "rolled back". */
  TOMBSTONE("tombstone"),
  /** A message that comes again is known. */
  IDEMPOTENCE("idempotence");

  private final String word;

  Guard(String word) {
    this.word = word;
  }

  /** As the command line says it. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
