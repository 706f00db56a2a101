package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;
import java.time.Duration;

/** A client library with plain messages. One caller at a time. */
interface PlainDriver extends Driver {
  /** How long a message may wait for others where the library batches by itself. */
  Duration LINGER = Duration.ofMillis(5);

  /** How large such a batch may become. */
  int BATCH_BYTES = 64 * 1024;

  /** The topic of this name; a send to it goes out at once. */
  Target target(String topic);

  /** The same through a new producer with the library's own batching. */
  Target batchingTarget(String topic) throws Exception;

  @Override
  default Load load(Mode mode, String topic, long backlog) throws Exception {
    return switch (mode.kind()) {
      case SYNC_SEND -> new SyncSends(target(topic), mode.width());
      case ASYNC_SEND -> new AsyncSends(target(topic), mode.width());
      case LINGERING_SEND -> new AsyncSends(batchingTarget(topic), mode.width());
      case BATCH_SEND -> new BatchSends(target(topic), mode.width(), Long.MAX_VALUE);
      case DRAIN -> new Drain(target(topic), target(topic + WARM), backlog);
      case PACED -> new PacedSends(target(topic), mode.width());
      case TRANSACTION -> transactions(mode.width(), topic, 1);
      case GROUP_TRANSACTION -> transactions(mode.width(), topic, Mode.IN_A_GROUP);
      case RESTART -> new BatchSends(target(topic), Drain.BATCH, backlog);
    };
  }

  /** Threads that each run one transaction of so many messages after the other. */
  Load transactions(int threads, String topic, int messages) throws Exception;
}
