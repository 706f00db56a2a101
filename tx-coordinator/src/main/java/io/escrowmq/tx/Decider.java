package io.escrowmq.tx;

/** Who decided. The numbers are stored: they are never changed and never used again. */
public enum Decider {
  /** The producer, by itself. */
  PRODUCER(1),
  /** A producer that was asked. */
  CHECK(2),
  /** A person. */
  OPERATOR(3),
  /** Nobody: the checks were used up, and the settings say what follows. */
  EXHAUSTION(4);

  private final int number;

  Decider(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** Throws {@link IllegalArgumentException} for a number that nobody has. */
  public static Decider of(int number) {
    for (Decider decider : values()) {
      if (decider.number == number) {
        return decider;
      }
    }
    throw new IllegalArgumentException("nobody decides with the number " + number);
  }
}
