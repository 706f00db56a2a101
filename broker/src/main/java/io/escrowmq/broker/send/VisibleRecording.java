package io.escrowmq.broker.send;

import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.store.RecordKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages that are visible at once. */
record VisibleRecording(QueueViews queues, String topic, int queueId, List<byte[]> messages)
    implements Recording {

  private static final int OVERHEAD = 64; // header and padding, with room to spare

  @Override
  public int overhead() {
    return OVERHEAD;
  }

  @Override
  public @Nullable Reply refusal(int bytes) {
    return null;
  }

  @Override
  public Stored record(Recorder recorder, Once once) {
    long first = queues.tail(topic, queueId);
    long[] positions = new long[messages.size()];
    for (int i = 0; i < positions.length; i++) {
      byte[] message = messages.get(i);
      positions[i] = recorder.positionFor(message.length);
      MessageCodec.stamp(message, first + i, positions[i], recorder.nowMillis());
      recorder.record(RecordKind.MESSAGE, once.flag(i), message);
    }
    return Stored.now(positions, positions.length, queueId, first);
  }
}
