package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.store.PayloadWriter;
import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Messages in their final bytes, one behind the other in one array. One owner at a time: who has
 * encoded them, then the log loop.
 */
public final class EncodedMessages implements PayloadWriter {

  private static final byte[] RELEASED = {};
  private static final byte[] NO_FRONT = {};

  private final @Nullable SpareArrays home; // null when the array is nobody else's
  private final int[] ends;
  private final @Nullable String uniqueKey;
  private byte[] bytes;

  // of the one that is just recorded
  private int message;
  private byte[] front = NO_FRONT;
  private RecordKind kind = RecordKind.MESSAGE;
  private long queueOffset;
  private long storeTimestamp;

  /** Several, in an array that is lent by its home. */
  EncodedMessages(SpareArrays home, byte[] bytes, int[] ends) {
    this(home, bytes, ends, null);
  }

  private EncodedMessages(
      @Nullable SpareArrays home, byte[] bytes, int[] ends, @Nullable String uniqueKey) {
    this.home = home;
    this.bytes = bytes;
    this.ends = ends;
    this.uniqueKey = uniqueKey;
  }

  public static EncodedMessages of(byte[] message) {
    return of(message, null);
  }

  /**
   * One message.
   *
   * @param uniqueKey by which its sender knows it
   */
  public static EncodedMessages of(byte[] message, @Nullable String uniqueKey) {
    return new EncodedMessages(null, message, new int[] {message.length}, uniqueKey);
  }

  /** Of a single message; null of a batch. */
  @Nullable
  String uniqueKey() {
    return uniqueKey;
  }

  public int count() {
    return ends.length;
  }

  /** Of one of them, in bytes. */
  public int length(int message) {
    return ends[message] - start(message);
  }

  /** Of the largest of them, in bytes. */
  int largest() {
    int largest = 0;
    for (int i = 0; i < ends.length; i++) {
      largest = Math.max(largest, length(i));
    }
    return largest;
  }

  /** Of all of them, in bytes. */
  public int length() {
    return ends[ends.length - 1];
  }

  /** The checksum of a message's body. */
  public int bodyCrc(int message) {
    return MessageCodec.bodyCrc(bytes, start(message));
  }

  /** Records one of them, which gets this offset in its queue; tells where it lies. */
  long record(Recorder recorder, RecordKind as, int flags, int which, long offset) {
    return record(recorder, as, flags, which, NO_FRONT, offset);
  }

  /** Records one of them into escrow, behind what stands before it; tells where it lies. */
  public long recordBehind(byte[] before, Recorder recorder, RecordKind as, int flags, int which) {
    return record(recorder, as, flags, which, before, 0);
  }

  private long record(
      Recorder recorder, RecordKind as, int flags, int which, byte[] before, long offset) {
    message = which;
    front = before;
    kind = as;
    queueOffset = offset;
    storeTimestamp = recorder.nowMillis();
    return recorder.record(as, flags, before.length + length(which), this);
  }

  /** Stamps the one that is just recorded with what only the log knows. */
  @Override
  public void write(long position, ByteBuffer batch) {
    int start = start(message);
    MessageCodec.stamp(bytes, start, queueOffset, position, storeTimestamp);
    if (kind == RecordKind.HALF) {
      MessageCodec.stampPrepared(bytes, start, position);
    }
    batch.put(front).put(bytes, start, length(message));
  }

  /** They are recorded, or never will be: the array may hold others. May be called again. */
  public void release() {
    if (home != null && bytes != RELEASED) {
      home.giveBack(bytes);
    }
    bytes = RELEASED;
  }

  private int start(int message) {
    return message == 0 ? 0 : ends[message - 1];
  }
}
