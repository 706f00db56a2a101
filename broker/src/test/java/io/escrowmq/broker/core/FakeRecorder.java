package io.escrowmq.broker.core;

import io.escrowmq.store.PayloadWriter;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.Shortage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory: keeps what was recorded, and applies it as the test says. */
public final class FakeRecorder implements Recorder {

  /** One record, as it was recorded. */
  public record Fact(RecordKind kind, int flags, byte[] payload) {

    public ByteBuffer buffer() {
      return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }
  }

  /** Applies a record. */
  @FunctionalInterface
  public interface Target {
    void apply(Fact record);
  }

  private final List<Fact> records = new ArrayList<>();
  private final Target target;
  private long nowMillis;
  private boolean full;

  public FakeRecorder(Target target) {
    this.target = target;
  }

  public List<Fact> records() {
    return records;
  }

  public FakeRecorder at(long millis) {
    nowMillis = millis;
    return this;
  }

  /** From now on there is no room, not even in the reserve. */
  public FakeRecorder full(boolean isFull) {
    full = isFull;
    return this;
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public int payloadAtMost() {
    return 1 << 20;
  }

  @Override
  public boolean hasRoom(int payloadLength) {
    return !full;
  }

  @Override
  public boolean hasRoom(long bytes, int largestPayload) {
    return !full;
  }

  @Override
  public boolean hasReserveRoom(int payloadLength) {
    return !full;
  }

  @Override
  public boolean hasReserveRoom(long bytes, int largestPayload) {
    return !full;
  }

  @Override
  public boolean hasDecisionRoom(int payloadLength) {
    return !full;
  }

  @Override
  public @Nullable Shortage shortage() {
    return full ? new Shortage.OfDisk(4096, "the test's disk is full") : null;
  }

  @Override
  public void whenSafe(Runnable effect) {
    effect.run();
  }

  @Override
  public void hasRead(long bytes) {}

  @Override
  public long record(RecordKind kind, int flags, int length, PayloadWriter writer) {
    byte[] payload = new byte[length];
    long position = records.size() * 1024L;
    writer.write(position, ByteBuffer.wrap(payload));
    Fact record = new Fact(kind, flags, payload);
    records.add(record);
    target.apply(record);
    return position;
  }
}
