package io.escrowmq.broker.core;

import io.escrowmq.remoting.message.MessageView;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A message leaves escrow. Carries all that the queue and the index need, so that applying it never
 * reads the message again: not at restart, and not when its segment is gone.
 *
 * <pre>
 * position int64 | record length int32 | time int64 | topic | queue int32 | tag int32 | keys: count uint16, hash int64 *
 * </pre>
 *
 * @param position where the message lies
 * @param timeMillis the moment of release; for consumers the store time
 */
public record Release(
    long position,
    int recordLength,
    long timeMillis,
    String topic,
    int queueId,
    int tagCode,
    long[] keyHashes) {

  /** The release of a message as it lies in the log. */
  public static Release of(long position, int recordLength, long timeMillis, MessageView message) {
    String topic = message.topic();
    FoundBy foundBy = FoundBy.of(topic, message);
    return new Release(
        position,
        recordLength,
        timeMillis,
        topic,
        message.queueId(),
        foundBy.tagCode(),
        foundBy.keyHashes());
  }

  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(position);
    out.writeInt(recordLength);
    out.writeLong(timeMillis);
    out.writeUTF(topic);
    out.writeInt(queueId);
    out.writeInt(tagCode);
    out.writeShort(keyHashes.length);
    for (long hash : keyHashes) {
      out.writeLong(hash);
    }
  }

  public static Release readFrom(DataInput in) throws IOException {
    long position = in.readLong();
    int recordLength = in.readInt();
    long timeMillis = in.readLong();
    String topic = in.readUTF();
    int queueId = in.readInt();
    int tagCode = in.readInt();
    long[] hashes = new long[in.readUnsignedShort()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = in.readLong();
    }
    return new Release(position, recordLength, timeMillis, topic, queueId, tagCode, hashes);
  }
}
