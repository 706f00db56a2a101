package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.store.RecordKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoded messages on their way into one queue: all of them or none. Creates the topic with them
 * when it was asked to. Used once.
 */
public final class MessageAppend implements Proposal {

  /** How it ended; called once, on the log loop or the flush loop. */
  public interface Outcome {

    void stored(Stored where);

    void refused(Reply why);
  }

  private static final int RECORD_OVERHEAD = 64; // header and padding of one record, at most
  private static final int WEIGHT_OVERHEAD = 256;

  private final QueueViews queues;
  private final Destination destination;
  private final int queueId;
  private final List<byte[]> messages;
  private final long dueMillis;
  private final Outcome outcome;
  private final int bytes;

  private @Nullable Stored stored;
  private Reply refusal = Reply.ok();

  /**
   * @param dueMillis when the messages become visible; 0 at once
   */
  public MessageAppend(
      QueueViews queues,
      Destination destination,
      int queueId,
      List<byte[]> messages,
      long dueMillis,
      Outcome outcome) {
    this.queues = queues;
    this.destination = destination;
    this.queueId = queueId;
    this.messages = messages;
    this.dueMillis = dueMillis;
    this.outcome = outcome;
    int sum = destination.bytes();
    for (int i = 0; i < messages.size(); i++) {
      sum += messages.get(i).length + RECORD_OVERHEAD;
    }
    this.bytes = sum;
  }

  @Override
  public int weight() {
    return bytes + WEIGHT_OVERHEAD;
  }

  @Override
  public void rule(Recorder recorder) {
    Reply gone = destination.refusal();
    if (gone != null) {
      refusal = gone;
      return;
    }
    if (!recorder.hasRoom(bytes)) {
      refusal = Refusals.diskFull(recorder);
      return;
    }
    destination.create(recorder);
    stored = dueMillis > 0 ? recordDelayed(recorder) : recordVisible(recorder);
  }

  @Override
  public void settle() {
    Stored where = stored;
    if (where != null) {
      outcome.stored(where);
    } else {
      outcome.refused(refusal);
    }
  }

  @Override
  public void abandon(String reason) {
    outcome.refused(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, reason));
  }

  private Stored recordVisible(Recorder recorder) {
    long first = queues.tail(destination.topic(), queueId);
    long[] positions = new long[messages.size()];
    for (int i = 0; i < positions.length; i++) {
      byte[] message = messages.get(i);
      positions[i] = recorder.positionFor(message.length);
      MessageCodec.stamp(message, first + i, positions[i], recorder.nowMillis());
      recorder.record(RecordKind.MESSAGE, 0, message);
    }
    return new Stored(positions, positions.length, queueId, first);
  }

  private Stored recordDelayed(Recorder recorder) {
    long[] positions = new long[messages.size()];
    for (int i = 0; i < positions.length; i++) {
      byte[] message = messages.get(i);
      positions[i] = recorder.positionFor(message.length + StoredMessages.DELAYED_AT);
      MessageCodec.stamp(message, 0, positions[i], recorder.nowMillis());
      recorder.record(RecordKind.DELAYED, 0, DelayedMessages.payload(dueMillis, message));
    }
    return new Stored(positions, positions.length, queueId, 0);
  }
}
