package io.escrowmq.broker.pull;

import io.escrowmq.remoting.RemotingSettings;

/**
 * How much one pull may bring.
 *
 * @param usualMessages at most this many for clients that do not say more, as those of RocketMQ; too
 *     low: more round trips
 * @param mostMessages at most this many for clients that say that they take so many, as ours
 * @param mostBytes at most this many bytes, but always one message
 * @param mostScanned entries that one pull looks at before it answers with a later offset; bounds
 *     the time that a filter nothing matches may take
 * @param mostBytesRead log bytes that an SQL92 filter reads through before it does; bounds the same
 * @param mostWork what an SQL92 filter does before it does, in characters that it looks at: about a
 *     nanosecond each, in which the event loop serves nobody else. The message that passes it is the
 *     last one
 * @param mostAnswerBytes of one message that an answer can carry; a larger one, stored under other
 *     limits, is left out and must not block its queue
 * @param mostWaiting pulls that may wait; the next is answered empty at once
 */
public record PullSettings(
    int usualMessages,
    int mostMessages,
    int mostBytes,
    int mostScanned,
    int mostBytesRead,
    long mostWork,
    int mostAnswerBytes,
    int mostWaiting) {

  private static final int ANSWER_HEADER_BYTES = 16 * 1024; // more than an answer's header takes

  public static final PullSettings DEFAULT = new PullSettings(
      32,
      1024,
      256 * 1024,
      8192,
      4 * 1024 * 1024,
      512 * 1024,
      RemotingSettings.DEFAULT_MAX_FRAME_BYTES - ANSWER_HEADER_BYTES,
      100_000);

  /** The same, with this many messages for clients that do not say more. */
  public PullSettings withUsualMessages(int messages) {
    return new PullSettings(
        messages,
        mostMessages,
        mostBytes,
        mostScanned,
        mostBytesRead,
        mostWork,
        mostAnswerBytes,
        mostWaiting);
  }
}
