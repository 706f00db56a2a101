package io.escrowmq.broker.pull;

/**
 * How much one pull may bring.
 *
 * @param mostMessages at most this many; too low: more round trips
 * @param mostBytes at most this many bytes, but always one message
 * @param mostScanned entries that one pull looks at before it answers with a later offset; bounds
 *     the time that a filter nothing matches may take
 * @param mostBytesRead log bytes that an SQL92 filter reads through before it does; bounds the same
 * @param mostWaiting pulls that may wait; the next is answered empty at once
 */
public record PullSettings(
    int mostMessages, int mostBytes, int mostScanned, int mostBytesRead, int mostWaiting) {

  public static final PullSettings DEFAULT =
      new PullSettings(1024, 256 * 1024, 8192, 4 * 1024 * 1024, 100_000);
}
