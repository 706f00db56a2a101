package io.escrowmq.simulation;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.NetworkSettings;
import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.send.Deduplication;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.store.FlushMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of the simulated broker: small files, so that their ends are met often. */
final class Settings {

  static final int QUEUES = 3;

  private static final int SEGMENT_BYTES = 192 << 10;
  private static final int MESSAGE_BYTES = 64 << 10;
  private static final int PULL_MESSAGES = 32;

  private Settings() {}

  /** @param retains whether old messages go */
  static BrokerSettings broker(FlushMode flush, boolean retains) {
    return new BrokerSettings(
        "broker-a",
        "DefaultCluster",
        Cluster.address(Cluster.BROKER),
        null,
        List.of(Cluster.NAMESRV),
        Path.of("/data"),
        flush,
        SEGMENT_BYTES,
        Duration.ofDays(3),
        retains ? 3L * SEGMENT_BYTES : 0,
        true,
        true,
        QUEUES,
        MESSAGE_BYTES,
        OffsetBeyondEnd.RECORDED,
        Deduplication.DEFAULT,
        TransactionSettings.DEFAULT,
        PULL_MESSAGES,
        TopicLimits.DEFAULT,
        NetworkSettings.DEFAULT);
  }
}
