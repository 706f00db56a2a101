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

  private Settings() {}

  static BrokerSettings broker(FlushMode flush) {
    return new BrokerSettings(
        "broker-a",
        "DefaultCluster",
        Cluster.address(Cluster.BROKER),
        null,
        List.of(Cluster.NAMESRV),
        Path.of("/data"),
        flush,
        1 << 20,
        Duration.ofDays(3),
        0,
        true,
        true,
        QUEUES,
        128 << 10,
        OffsetBeyondEnd.RECORDED,
        Deduplication.DEFAULT,
        TransactionSettings.DEFAULT,
        32,
        TopicLimits.DEFAULT,
        NetworkSettings.DEFAULT);
  }
}
