package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Reply;
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
  Reply refusal(int bytes);

  /**
   * Records all of them; they were not refused, and there is room.
   *
   * @param once has a flag for each record
   */
  Stored record(Recorder recorder, Once once);
}
