package io.escrowmq.simulation;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.NetworkSettings;
import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The settings of simulated brokers: small files, so that their ends are met often. */
final class Settings {

  static final List<String> NAME_SERVERS = List.of("127.0.0.1:9876", "127.0.0.1:9886");
  static final List<String> BROKER_NAMES = List.of("broker-a", "broker-b");
  static final List<String> BROKERS = List.of("127.0.0.1:10911", "127.0.0.1:10921");
  static final int QUEUES = 3; // of each topic on each broker

  static final int SEGMENT_BYTES = 128 << 10;
  private static final int MESSAGE_BYTES = 64 << 10; // the most for these segments
  private static final int PULL_MESSAGES = 32;

  private Settings() {}

  static BrokerSettings broker(int number, Conditions conditions) {
    return new BrokerSettings(
        BROKER_NAMES.get(number),
        "DefaultCluster",
        address(BROKERS.get(number)),
        null,
        nameServers(conditions),
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
        NetworkSettings.DEFAULT,
        null);
  }

  /** Those that brokers and applications know. */
  static List<String> nameServers(Conditions conditions) {
    return NAME_SERVERS.subList(0, conditions.nameServers());
  }

  static InetSocketAddress address(String text) {
    int colon = text.indexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
