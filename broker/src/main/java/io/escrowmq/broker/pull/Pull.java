package io.escrowmq.broker.pull;

import io.escrowmq.broker.consumer.Subscription;
import io.escrowmq.remoting.Call;

/**
 * One pull, from its request to its answer. Owner: the event loop of its connection.
 *
 * @param mostMessages at most this many messages
 * @param mostBytes at most this many bytes, but always one message
 * @param deadlineMillis until when it may wait for messages; 0 when it may not
 */
record Pull(
    Call call,
    String group,
    String topic,
    int queueId,
    long offset,
    Subscription subscription,
    int mostMessages,
    int mostBytes,
    long deadlineMillis) {

  boolean mayWait(long nowMillis) {
    return nowMillis < deadlineMillis;
  }

  /** The same pull, further on: what came in between did not match. */
  Pull from(long laterOffset) {
    return new Pull(
        call,
        group,
        topic,
        queueId,
        laterOffset,
        subscription,
        mostMessages,
        mostBytes,
        deadlineMillis);
  }
}
