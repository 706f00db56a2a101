package io.escrowmq.bench.load;

import java.time.Duration;

/**
 * One shape of load on one topic. The caller prepares once, then measures once, and ends it; the implementation comes back in
 * at most the given time plus the client's own time-out, having moved at most the given number of messages.
 */
interface Load {
  /** What there is before anything was prepared. */
  Load NONE = new Load() {
    @Override
    public void prepare(long messages, Duration atMost) {}

    @Override
    public Figures measure(long messages, Duration atMost) {
      throw new IllegalStateException("measure before prepare");
    }
  };

  /** Warms both sides up and brings about what the measured part needs. */
  void prepare(long messages, Duration atMost) throws Exception;

  /** The measured part. Nothing but the load runs between the call and its return. */
  Figures measure(long messages, Duration atMost) throws Exception;

  /** What is to be seen afterwards of what was measured, waiting so long for all of it. */
  default Aftermath aftermath(Duration atMost) throws Exception {
    throw new IllegalStateException("nothing becomes of plain messages afterwards");
  }

  /** Lets go of everything that was prepared. */
  default void end() {}
}
