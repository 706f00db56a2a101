package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.RecordKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of one request that changes several things: all of them or none. They are made, and
 * there is room for all, before the first is recorded, so that a refusal finds everything as it was.
 * Log loop only.
 */
public final class AllOrNone {

  private static final int RECORD_BYTES = 32; // more than the log adds to each

  private final Recorder recorder;
  private final RecordKind kind;
  private final int flags;
  private final boolean usesReserve;
  private final List<byte[]> payloads = new ArrayList<>();
  private long bytes;
  private int largest;

  private AllOrNone(Recorder recorder, RecordKind kind, int flags, boolean usesReserve) {
    this.recorder = recorder;
    this.kind = kind;
    this.flags = flags;
    this.usesReserve = usesReserve;
  }

  /** Of records that are refused when the disk is full. */
  public static AllOrNone of(Recorder recorder, RecordKind kind) {
    return new AllOrNone(recorder, kind, 0, false);
  }

  /** Of records that must still come into the log when the disk is full. */
  public static AllOrNone withReserve(Recorder recorder, RecordKind kind, int flags) {
    return new AllOrNone(recorder, kind, flags, true);
  }

  /** Takes one more; answers why there is no room for it beside the others, null when there is. */
  public @Nullable Refusal add(byte[] payload) {
    largest = Math.max(largest, payload.length);
    bytes += payload.length + (payloads.isEmpty() ? 0 : RECORD_BYTES);
    boolean hasRoom =
        usesReserve ? recorder.hasReserveRoom(bytes, largest) : recorder.hasRoom(bytes, largest);
    if (!hasRoom) {
      return Refusals.noRoom(recorder, largest);
    }
    payloads.add(payload);
    return null;
  }

  /** Records what was taken; nobody was refused before. */
  public void record() {
    for (byte[] payload : payloads) {
      recorder.record(kind, flags, payload);
    }
  }
}
