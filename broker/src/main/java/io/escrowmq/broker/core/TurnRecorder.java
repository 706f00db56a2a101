package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.PayloadWriter;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.Shortage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log in the hands of what is ruled on in a turn: each record is applied as soon as it is in the
 * log, and from an append to the end of its applying nobody knows what is true. Owner: whoever has the
 * turn.
 */
final class TurnRecorder implements Recorder {

  private final CommitLog log;
  private final Appliers appliers;
  private final Consumer<Runnable> effects;

  private long nowMillis;
  private long readBytes; // from the log, in this turn
  private long records; // recorded so far
  private boolean applying; // true only while a view learns of a record that is in the log

  /** @param effects takes what is to be done when all that was recorded so far is safe */
  TurnRecorder(CommitLog log, Appliers appliers, Consumer<Runnable> effects) {
    this.log = log;
    this.appliers = appliers;
    this.effects = effects;
  }

  // The loop

  /** A turn begins; its time does not go back, as threads that ask at once may differ. */
  void begin(long clockMillis) {
    nowMillis = Math.max(nowMillis, clockMillis);
    readBytes = 0;
  }

  /** So much was read for the proposals of this turn. */
  long readBytes() {
    return readBytes;
  }

  /** How many records there were so far. */
  long records() {
    return records;
  }

  /** Whether a record is in the log that not every view has applied. */
  boolean isApplying() {
    return applying;
  }

  // Appending fails before anything is staged, or closes the log.
  private void apply(LogRecord record) {
    if (applying) {
      throw new IllegalStateException(
          "a view did not apply the record before, and nobody was told");
    }
    records++;
    applying = true;
    appliers.apply(record);
    applying = false;
  }

  // What is ruled on

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public int payloadAtMost() {
    return log.payloadAtMost();
  }

  @Override
  public boolean hasRoom(int payloadLength) {
    return log.room().forMessage(payloadLength);
  }

  @Override
  public boolean hasRoom(long bytes, int largestPayload) {
    return log.room().forMessages(bytes, largestPayload);
  }

  @Override
  public boolean hasReserveRoom(int payloadLength) {
    return log.room().inReserve(payloadLength);
  }

  @Override
  public boolean hasReserveRoom(long bytes, int largestPayload) {
    return log.room().inReserve(bytes, largestPayload);
  }

  @Override
  public boolean hasDecisionRoom(int payloadLength) {
    return log.room().forDecision(payloadLength);
  }

  @Override
  public @Nullable Shortage shortage() {
    return log.room().shortage();
  }

  @Override
  public void whenSafe(Runnable effect) {
    effects.accept(effect);
  }

  @Override
  public void hasRead(long bytes) {
    readBytes += bytes;
  }

  @Override
  public long record(RecordKind kind, int flags, int length, PayloadWriter writer) {
    LogRecord record = log.append(kind, flags, length, writer);
    long position = record.position();
    apply(record);
    return position;
  }
}
