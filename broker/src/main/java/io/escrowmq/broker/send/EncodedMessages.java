package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * Messages in their final bytes, one behind the other in one array. One owner at a time: who has
 * encoded them, then the log loop.
 */
public final class EncodedMessages {

  private static final byte[] RELEASED = {};
  private static final byte[] NO_FRONT = {};

  private final @Nullable SpareArrays home; // null when the array is nobody else's
  private final int[] ends;
  private byte[] bytes;

  EncodedMessages(@Nullable SpareArrays home, byte[] bytes, int[] ends) {
    this.home = home;
    this.bytes = bytes;
    this.ends = ends;
  }

  public static EncodedMessages of(byte[] message) {
    return new EncodedMessages(null, message, new int[] {message.length});
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
  int bodyCrc(int message) {
    return MessageCodec.bodyCrc(bytes, start(message));
  }

  /** Writes what only the log knows. */
  public void stamp(int message, long queueOffset, long position, long storeTimestamp) {
    MessageCodec.stamp(bytes, start(message), queueOffset, position, storeTimestamp);
  }

  /** Writes where the message lies as a half-message. */
  public void stampPrepared(int message, long position) {
    MessageCodec.stampPrepared(bytes, start(message), position);
  }

  /** Records one of them. */
  void record(Recorder recorder, RecordKind kind, int flags, int message) {
    record(recorder, kind, flags, NO_FRONT, message);
  }

  /** Records one of them behind what stands before it. */
  public void record(Recorder recorder, RecordKind kind, int flags, byte[] front, int message) {
    recorder.record(kind, flags, front, bytes, start(message), length(message));
  }

  /** They are recorded, or never will be: the array may hold others. May be called again. */
  void release() {
    if (home != null && bytes != RELEASED) {
      home.giveBack(bytes);
    }
    bytes = RELEASED;
  }

  private int start(int message) {
    return message == 0 ? 0 : ends[message - 1];
  }
}
