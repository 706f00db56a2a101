package io.escrowmq.broker.core;

import io.escrowmq.store.PayloadWriter;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.Shortage;
import org.jspecify.annotations.Nullable;

/** The log as a proposal sees it while it is ruled on. Log loop only. */
public interface Recorder {

  /** This turn's time. */
  long nowMillis();

  /** The longest payload that fits a segment. */
  int payloadAtMost();

  /**
   * False when there is a shortage for a message of this many payload bytes, or when it fits no
   * segment; {@link Refusals#noRoom} tells the two apart.
   */
  boolean hasRoom(int payloadLength);

  /**
   * The same for several records in a row, each of which fits a segment, and which may take several.
   *
   * @param bytes what they take in all, at most
   * @param largestPayload of one of them
   */
  boolean hasRoom(long bytes, int largestPayload);

  /** As {@link #hasRoom(int)}, for what must go on when there is a shortage: offsets, deliveries. */
  boolean hasReserveRoom(int payloadLength);

  /** As {@link #hasRoom(long, int)}, for the same. */
  boolean hasReserveRoom(long bytes, int largestPayload);

  /** As {@link #hasReserveRoom(int)}, for a decision about a transaction. */
  boolean hasDecisionRoom(int payloadLength);

  /** Why there was no room when it was asked for last; null when there was. */
  @Nullable
  Shortage shortage();

  /**
   * Has an effect done once all that was recorded so far is as safe as the settings promise. It may be
   * lost in a crash. Runs where proposals are settled, so it must be quick.
   */
  void whenSafe(Runnable effect);

  /** So much was read from the log for this proposal: a turn that has read much ends with it. */
  void hasRead(long bytes);

  /**
   * Records and applies. The caller has asked for room before.
   *
   * @param length of the payload
   * @param writer writes the payload, and is told where the record lies
   * @return where it lies
   */
  long record(RecordKind kind, int flags, int length, PayloadWriter writer);

  /** The same for a payload that says nothing of its place. */
  default long record(RecordKind kind, int flags, byte[] payload) {
    return record(kind, flags, payload.length, (position, batch) -> batch.put(payload));
  }
}
