package io.escrowmq.simulation;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.NetworkSettings;
import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import java.nio.file.Path;
import java.util.List;

/** The settings of the simulated broker: small files, so that their ends are met often. */
final class Settings {

  static final int QUEUES = 3;

  static final int SEGMENT_BYTES = 128 << 10;
  private static final int MESSAGE_BYTES = 64 << 10; // the most for these segments
  private static final int PULL_MESSAGES = 32;

  private Settings() {}

  static BrokerSettings broker(Conditions conditions) {
    return new BrokerSettings(
        "broker-a",
        "DefaultCluster",
        Cluster.address(Cluster.BROKER),
        null,
        List.of(Cluster.NAMESRV),
        Path.of("/data"),
        conditions.flush(),
        SEGMENT_BYTES,
        conditions.keep(),
        conditions.keepBytes(),
        true,
        true,
        QUEUES,
        MESSAGE_BYTES,
        OffsetBeyondEnd.RECORDED,
        conditions.deduplication(),
        TransactionSettings.DEFAULT,
        PULL_MESSAGES,
        TopicLimits.DEFAULT,
        NetworkSettings.DEFAULT);
  }
}
