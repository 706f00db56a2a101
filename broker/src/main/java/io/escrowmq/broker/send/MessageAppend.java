package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoded messages on their way into one queue, or into escrow: all of them or none. Creates the
 * topic with them when it was asked to. Used once.
 */
public final class MessageAppend implements Proposal {

  /** How it ended; called once, on the log loop or the flush loop. */
  public interface Outcome {

    void stored(Stored where);

    void refused(Reply why);
  }

  private static final int WEIGHT_OVERHEAD = 256;

  private final Destination destination;
  private final Recording recording;
  private final Once once;
  private final Outcome outcome;
  private final int bytes;

  private @Nullable Stored stored;
  private Reply refusal = Reply.ok();

  /** @param messages those that are recorded, for their size */
  public MessageAppend(
      Destination destination,
      List<byte[]> messages,
      Recording recording,
      Once once,
      Outcome outcome) {
    this.destination = destination;
    this.recording = recording;
    this.once = once;
    this.outcome = outcome;
    int sum = destination.bytes();
    for (int i = 0; i < messages.size(); i++) {
      sum += messages.get(i).length + recording.overhead();
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
    stored = once.before(destination.topic());
    if (stored == null) {
      record(recorder);
    }
  }

  private void record(Recorder recorder) {
    Reply why = recorder.hasRoom(bytes) ? recording.refusal(bytes) : Refusals.diskFull(recorder);
    if (why != null) {
      refusal = why;
      return;
    }
    destination.create(recorder);
    stored = recording.record(recorder, once);
  }

  @Override
  public void settle() {
    Stored where = stored;
    if (where != null) {
      destination.announce();
      outcome.stored(where);
    } else {
      outcome.refused(refusal);
    }
  }

  @Override
  public void abandon(String reason) {
    outcome.refused(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, reason));
  }
}
