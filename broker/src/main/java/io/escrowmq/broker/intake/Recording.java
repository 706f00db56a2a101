package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/** The way in which one request's messages are recorded. Log loop only; used once. */
public interface Recording {

  /** What a record takes beside its message, at most, in bytes. Any thread. */
  int overhead();

  /**
   * Why the messages may not be recorded; null when they may.
   *
   * @param bytes what their records take in all, at most
   */
  @Nullable
  Refusal refusal(int bytes);

  /**
   * Records all of them; they were not refused, and there is room.
   *
   * @param once has a flag for each record
   */
  Receipt record(Recorder recorder, Once once);

  /** Messages that are visible at once. */
  record Visible(QueueViews queues, String topic, int queueId, EncodedMessages messages)
      implements Recording {

    private static final int OVERHEAD = 64; // header and padding, with room to spare

    @Override
    public int overhead() {
      return OVERHEAD;
    }

    @Override
    public @Nullable Refusal refusal(int bytes) {
      return queues.refusal();
    }

    @Override
    public Receipt record(Recorder recorder, Once once) {
      long first = queues.tail(topic, queueId);
      long[] positions = new long[messages.count()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = messages.record(recorder, RecordKind.MESSAGE, once.flag(i), i, first + i);
      }
      return Receipt.now(positions, messages, queueId, first);
    }
  }

  /** Messages that become visible when they are due. */
  record UntilDue(long dueMillis, int queueId, EncodedMessages messages, DelayBound bound)
      implements Recording {

    private static final int OVERHEAD = 64; // header, due time and padding, with room to spare

    @Override
    public int overhead() {
      return OVERHEAD;
    }

    @Override
    public @Nullable Refusal refusal(int bytes) {
      return bound.refusal(messages.count());
    }

    @Override
    public Receipt record(Recorder recorder, Once once) {
      byte[] front = DelayedMessages.front(dueMillis);
      long[] positions = new long[messages.count()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = messages.recordBehind(front, recorder, RecordKind.DELAYED, once.flag(i), i);
      }
      return Receipt.now(positions, messages, queueId, 0);
    }
  }
}
