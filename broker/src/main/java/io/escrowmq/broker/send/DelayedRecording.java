package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.remoting.Reply;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/** Messages that become visible when they are due. */
record DelayedRecording(long dueMillis, int queueId, EncodedMessages messages, DelayBound bound)
    implements Recording {

  private static final int OVERHEAD = 64; // header, due time and padding, with room to spare

  @Override
  public int overhead() {
    return OVERHEAD;
  }

  @Override
  public @Nullable Reply refusal(int bytes) {
    return bound.refusal(messages.count());
  }

  @Override
  public Stored record(Recorder recorder, Once once) {
    byte[] front = DelayedMessages.front(dueMillis);
    long[] positions = new long[messages.count()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = messages.recordBehind(front, recorder, RecordKind.DELAYED, once.flag(i), i);
    }
    return Stored.now(positions, positions.length, queueId, 0);
  }
}
