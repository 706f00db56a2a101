package io.escrowmq.store.queue;

/** Is told which offsets of a queue have no message: the log had lost it when their entry was made. */
@FunctionalInterface
public interface LostSink {

  /** For those who do not ask. */
  LostSink NONE = (fromOffset, toOffset) -> {};

  /** Both offsets included; ascending, and never the same offset twice in one look at a queue. */
  void lost(long fromOffset, long toOffset);
}
