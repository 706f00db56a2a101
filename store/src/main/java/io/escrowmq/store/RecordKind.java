package io.escrowmq.store;

/**
 * What a record says. The numbers are on disk: they are never changed and never used again. A new kind raises
 * {@link SegmentHeader#LEVEL}, so that versions that do not know it refuse the log when they open it.
 */
public enum RecordKind {
  /** A message, visible at once; the payload is the stored-message layout of the wire. */
  MESSAGE(1),
  /** A message in escrow until it is due; the payload begins with the due time. */
  DELAYED(2),
  /** Releases messages in escrow that are due. */
  DELIVERY(3),
  /** Consumer groups' queue offsets. */
  CONSUMER_OFFSETS(4),
  /** A topic was created or changed. */
  TOPIC(5),
  /** A topic was deleted, its queues with it. */
  TOPIC_DELETED(6),
  /** A consumer group was created or changed. */
  GROUP(7),
  /** A consumer group was deleted. */
  GROUP_DELETED(8),
  /** A half-message in escrow until its transaction is decided; flags: where the message begins. */
  HALF(9),
  /** What was decided about a transaction, once; a commit releases its half-messages. */
  DECISION(10),
  /** Producers are asked about half-messages, or are not any more. */
  CHECK(11);

  private static final RecordKind[] BY_NUMBER = new RecordKind[values().length + 1];

  static {
    for (RecordKind kind : values()) {
      if (BY_NUMBER[kind.number] != null) {
        throw new IllegalStateException(
            kind + " and " + BY_NUMBER[kind.number] + " share a number");
      }
      BY_NUMBER[kind.number] = kind;
    }
  }

  private final int number;

  RecordKind(int number) {
    this.number = number;
  }

  static boolean isKnown(int number) {
    return number >= 1 && number < BY_NUMBER.length;
  }

  public int number() {
    return number;
  }

  /**
   * The kind of this number.
   *
   * @param position of the record
   * @throws StorageException when a newer version wrote the record
   */
  static RecordKind of(int number, long position) {
    if (!isKnown(number)) {
      throw new StorageException(
          StorageException.Reason.NEWER,
          "the record at position " + position + " is of kind " + number
              + ", and this version knows the kinds 1 to " + (BY_NUMBER.length - 1)
              + ": the log was written by a newer version; start that one");
    }
    return BY_NUMBER[number];
  }
}
