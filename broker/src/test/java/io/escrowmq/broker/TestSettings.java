package io.escrowmq.broker;

import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.store.FlushMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a broker below {@code /data} on a free port, as tests use them, with what a test wants
 * otherwise.
 */
public final class TestSettings {

  private static final int PULL_MESSAGES = 32;

  private String name = "broker-a";
  private String cluster = "DefaultCluster";
  private int port;
  private @Nullable String advertise;
  private int segmentBytes = 8 << 20;
  private int maxMessageBytes = 1 << 20;
  private Duration retention = Duration.ofDays(3);
  private long retentionBytes;
  private boolean autoCreateTopics = true;
  private int defaultQueues = 4;
  private Deduplication deduplication = Deduplication.DEFAULT;
  private TransactionSettings transactions = TransactionSettings.DEFAULT;
  private NetworkSettings network = NetworkSettings.DEFAULT;
  private @Nullable ReplicationSettings replication;
  private List<String> nameServers = List.of();
  private FlushMode flush = FlushMode.ASYNC;
  private Path directory = Path.of("/data");

  TestSettings name(String ofBroker) {
    name = ofBroker;
    return this;
  }

  public TestSettings cluster(String ofBroker) {
    cluster = ofBroker;
    return this;
  }

  TestSettings network(int ownPort, NetworkSettings settings) {
    port = ownPort;
    network = settings;
    return this;
  }

  /** Clients are told this address. */
  TestSettings advertise(String address) {
    advertise = address;
    return this;
  }

  /** Files of the log of so many bytes, and bodies of at most so many. */
  public TestSettings segments(int bytes, int messageBytes) {
    segmentBytes = bytes;
    maxMessageBytes = messageBytes;
    return this;
  }

  /** Messages are kept so long, and so many bytes of them; 0: no limit but time. */
  TestSettings retention(Duration atLeast, long atMostBytes) {
    retention = atLeast;
    retentionBytes = atMostBytes;
    return this;
  }

  public TestSettings withoutAutoCreatedTopics() {
    autoCreateTopics = false;
    return this;
  }

  TestSettings queues(int ofAutoCreatedTopics) {
    defaultQueues = ofAutoCreatedTopics;
    return this;
  }

  public TestSettings deduplication(Deduplication rule) {
    deduplication = rule;
    return this;
  }

  public TestSettings transactions(TransactionSettings settings) {
    transactions = settings;
    return this;
  }

  TestSettings directory(Path data) {
    directory = data;
    return this;
  }

  TestSettings replication(ReplicationSettings settings) {
    replication = settings;
    return this;
  }

  TestSettings nameServers(String... addresses) {
    nameServers = List.of(addresses);
    return this;
  }

  TestSettings flush(FlushMode mode) {
    flush = mode;
    return this;
  }

  public BrokerSettings build() {
    return new BrokerSettings(
        name,
        cluster,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        advertise,
        nameServers,
        directory,
        flush,
        segmentBytes,
        retention,
        retentionBytes,
        autoCreateTopics,
        true,
        defaultQueues,
        maxMessageBytes,
        OffsetBeyondEnd.RECORDED,
        deduplication,
        transactions,
        PULL_MESSAGES,
        TopicLimits.DEFAULT,
        network,
        replication);
  }
}
