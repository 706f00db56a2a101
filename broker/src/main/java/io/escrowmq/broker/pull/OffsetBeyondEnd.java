package io.escrowmq.broker.pull;

/**
 * Where a consumer goes on that pulls behind the end of a queue: the topic was deleted and made again
 * while it ran, or a power failure took back what it had read.
 */
public enum OffsetBeyondEnd {
  /** At the offset that is recorded of its group, or at the beginning: some messages may come again. */
  RECORDED,
  /** At the end, as RocketMQ does: messages that were sent before it came are skipped. */
  END
}
