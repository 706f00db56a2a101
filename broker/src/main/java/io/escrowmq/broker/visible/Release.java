package io.escrowmq.broker.visible;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message leaves escrow. Carries all that the queue and the index need, so that applying it never
 * reads the message again: not at restart, and not when its segment is gone.
 *
 * <pre>
 * position int64 | record length int32 | topic: length uint8, UTF-8 | queue int32 | queue offset int64
 *   | tag int32 | keys: count uint8, hash int64 *
 * </pre>
 *
 * The moment of release is that of the record that it stands in.
 *
 * @param position where the message lies
 * @param timeMillis the moment of release; for consumers the store time
 * @param queueOffset the place in its queue that it gets
 */
public record Release(
    long position,
    int recordLength,
    long timeMillis,
    String topic,
    int queueId,
    long queueOffset,
    int tagCode,
    long[] keyHashes) {

  private static final int FIXED_BYTES = 8 + 4 + 1 + 4 + 8 + 4 + 1;

  /** The most bytes that one takes. */
  public static final int MOST_BYTES =
      FIXED_BYTES + FieldWriter.MOST_UINT8 + (FoundBy.MOST_HASHES + 1) * Long.BYTES;

  /** The release of a message as it lies in the log. */
  public static Release of(
      long position, int recordLength, long timeMillis, long queueOffset, MessageView message) {
    String topic = message.topic();
    FoundBy foundBy = FoundBy.of(topic, message);
    return new Release(
        position,
        recordLength,
        timeMillis,
        topic,
        message.queueId(),
        queueOffset,
        foundBy.tagCode(),
        foundBy.keyHashes());
  }

  /** The same at another moment, with another place in its queue. */
  public Release at(long otherTimeMillis, long otherQueueOffset) {
    return new Release(
        position,
        recordLength,
        otherTimeMillis,
        topic,
        queueId,
        otherQueueOffset,
        tagCode,
        keyHashes);
  }

  /** The same message, recorded at another place. */
  public Release movedTo(long otherPosition, int otherLength) {
    return new Release(
        otherPosition, otherLength, timeMillis, topic, queueId, queueOffset, tagCode, keyHashes);
  }

  /** The same message, which is also found by this hash. */
  public Release alsoFoundBy(long hash) {
    long[] hashes = Arrays.copyOf(keyHashes, keyHashes.length + 1);
    hashes[keyHashes.length] = hash;
    return new Release(
        position, recordLength, timeMillis, topic, queueId, queueOffset, tagCode, hashes);
  }

  /** Whether the message may be found by a key with this hash. */
  public boolean isFoundBy(long keyHash) {
    for (long hash : keyHashes) {
      if (hash == keyHash) {
        return true;
      }
    }
    return false;
  }

  /** The keys that the message is found by, through the record that this stands in. */
  public void keysOf(long releasedAt, KeySink into) {
    for (long hash : keyHashes) {
      into.add(hash, releasedAt, timeMillis);
    }
  }

  /** How many bytes {@link #writeTo} writes, unless a topic's name needs more than one for a character. */
  public int bytes() {
    return FIXED_BYTES + topic.length() + Long.BYTES * keyHashes.length;
  }

  public void writeTo(FieldWriter out) {
    out.int64(position).int32(recordLength).text8("topic", topic);
    out.int32(queueId).int64(queueOffset).int32(tagCode);
    out.uint8("keys", keyHashes.length);
    for (long hash : keyHashes) {
      out.int64(hash);
    }
  }

  /** Reads what {@link #writeTo} wrote, in a record of this time. */
  public static Release readFrom(ByteBuffer in, long timeMillis) {
    long position = in.getLong();
    int recordLength = in.getInt();
    String topic = FieldReader.text8(in);
    int queueId = in.getInt();
    long queueOffset = in.getLong();
    int tagCode = in.getInt();
    long[] hashes = new long[in.get() & 0xFF];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = in.getLong();
    }
    return new Release(
        position, recordLength, timeMillis, topic, queueId, queueOffset, tagCode, hashes);
  }
}
