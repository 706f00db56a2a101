package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.refusal.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encoded messages on their way into one queue, or into escrow: all of them or none. Creates the
 * topic with them when it was asked to. Used once.
 */
public final class MessageAppend implements Proposal {

  /** How it ended; called once, on the log loop or the flush loop. */
  public interface Outcome {

    void stored(Receipt where);

    void refused(Refusal why);
  }

  private static final int WEIGHT_OVERHEAD = 256;

  private final Destination destination;
  private final EncodedMessages messages;
  private final Recording recording;
  private final Once once;
  private final Outcome outcome;
  private final int bytes;

  private @Nullable Receipt stored;
  private @Nullable Refusal refusal; // one of the two is set when it was ruled on

  /** @param messages those that are recorded; released here when they are, or will not be */
  public MessageAppend(
      Destination destination,
      EncodedMessages messages,
      Recording recording,
      Once once,
      Outcome outcome) {
    this.destination = destination;
    this.recording = recording;
    this.once = once;
    this.outcome = outcome;
    this.messages = messages;
    this.bytes = destination.bytes() + messages.length() + messages.count() * recording.overhead();
  }

  /** Hands itself over; when too many wait, its outcome is told that here. Any thread. */
  public void offerTo(LogLoop loop) {
    if (!loop.offer(this)) {
      messages.release();
      outcome.refused(Refusals.busy(loop));
    }
  }

  @Override
  public int weight() {
    return bytes + WEIGHT_OVERHEAD;
  }

  @Override
  public void rule(Recorder recorder) {
    Refusal gone = destination.refusal();
    RecentSends.EarlierSend before = gone == null ? once.before(destination.topic()) : null;
    if (before != null) {
      stored = Receipt.before(before, messages);
    } else {
      Refusal why = gone == null ? refusal(recorder) : gone;
      if (why == null) {
        destination.create(recorder);
        stored = recording.record(recorder, once);
      }
      refusal = why;
    }
    messages.release();
  }

  // Each message is a record of its own: a batch may take several segments.
  private @Nullable Refusal refusal(Recorder recorder) {
    int largest = messages.largest() + recording.overhead();
    return recorder.hasRoom(bytes, largest)
        ? recording.refusal(bytes)
        : Refusals.noRoom(recorder, largest);
  }

  @Override
  public void settle() {
    Receipt where = stored;
    if (where != null) {
      destination.announce();
      outcome.stored(where);
    } else {
      outcome.refused(Objects.requireNonNull(refusal));
    }
  }

  @Override
  public void refuse(String reason) {
    messages.release();
    outcome.refused(new Refusal.NotServed(reason));
  }

  @Override
  public void abandon(String reason) {
    messages.release();
    outcome.refused(new Refusal.LogStopped(reason));
  }
}
