package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.remoting.Reply;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/** Messages that are visible at once. */
record VisibleRecording(QueueViews queues, String topic, int queueId, EncodedMessages messages)
    implements Recording {

  private static final int OVERHEAD = 64; // header and padding, with room to spare

  @Override
  public int overhead() {
    return OVERHEAD;
  }

  @Override
  public @Nullable Reply refusal(int bytes) {
    return queues.refusal();
  }

  @Override
  public Stored record(Recorder recorder, Once once) {
    long first = queues.tail(topic, queueId);
    long[] positions = new long[messages.count()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = messages.record(recorder, RecordKind.MESSAGE, once.flag(i), i, first + i);
    }
    return Stored.now(positions, positions.length, queueId, first);
  }
}
