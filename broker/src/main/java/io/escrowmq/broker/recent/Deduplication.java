package io.escrowmq.broker.recent;

/**
 * Whether a send that is tried again, because its answer was lost, is taken for what it is.
 *
 * @param of whose sends
 * @param keysOfTopic how many messages of a topic are remembered. Too few: a late second try is
 *     another message; each takes 56 to 112 bytes of memory
 * @param bytes of memory that all topics take at most; the topic that was idle longest is forgotten
 *     first. Not by the heap of the machine: the same log must be remembered alike everywhere
 */
public record Deduplication(Of of, int keysOfTopic, long bytes) {

  /** Whose unique keys name one send and no other. */
  public enum Of {
    /** Nobody's: nothing is remembered. */
    OFF,
    /** Of messages that say so by the property {@code ESCROW_ONCE}, as our client's do. */
    MARKED,
    /** Of all clients; RocketMQ's give one key to all sends of one message object. */
    ALL
  }

  public static final Deduplication DEFAULT = new Deduplication(Of.MARKED, 100_000, 32 << 20);

  private static final int MOST_KEYS = 10_000_000;

  public Deduplication {
    if (keysOfTopic < 1 || keysOfTopic > MOST_KEYS) {
      throw new IllegalArgumentException(
          "send.deduplicate-keys " + keysOfTopic + " must be 1 to " + MOST_KEYS);
    }
    if (bytes < KeyWindow.LEAST_BYTES) {
      throw new IllegalArgumentException("send.deduplicate-bytes " + bytes + " must be at least "
          + KeyWindow.LEAST_BYTES + ", which one topic takes");
    }
  }
}
