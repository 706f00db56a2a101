package io.escrowmq.bench.load;

import java.time.Duration;

/**
 * One shape of load on one topic. The caller prepares once and then measures once; the implementation comes back in at most
 * the given time plus the client's own time-out, having moved at most the given number of messages.
 */
interface Load {

  /** Warms both sides up and brings about what the measured part needs. */
  void prepare(long messages, Duration atMost) throws Exception;

  /** The measured part. Nothing but the load runs between the call and its return. */
  Figures measure(long messages, Duration atMost) throws Exception;
}
