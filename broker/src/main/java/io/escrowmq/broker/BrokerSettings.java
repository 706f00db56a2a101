package io.escrowmq.broker;

import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.RetentionSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a broker is told. Read once; what may change at run time is not a setting.
 *
 * @param name the broker's name in routes; replicas share it
 * @param cluster the cluster it belongs to
 * @param listen where it listens; port 0 picks a free one
 * @param advertise "host" or "host:port" that clients are told; null: where it listens
 * @param namesrvAddresses "host:port" of every name server; it registers with all of them
 * @param storeDirectory everything durable lies below it; one broker a directory
 * @param flush when a message counts as stored
 * @param segmentBytes the size of one file of the log
 * @param retention how long messages are kept at least. Too short: slow consumers miss messages;
 *     too long: the disk fills
 * @param retentionBytes how many bytes of log are kept at most; 0: no limit but time
 * @param autoCreateTopics whether sending to a topic creates it
 * @param autoCreateGroups whether a consumer's first heartbeat creates its group
 * @param defaultQueues how many queues an auto-created topic has at most
 * @param maxMessageBytes bodies above it are refused
 * @param offsetBeyondEnd where a consumer goes on that pulls behind the end of a queue
 * @param deduplication whether sends that are tried again are known
 * @param transactions how half-messages are kept and asked about
 * @param pullMessages how many messages a pull of a client that is not ours gets at most
 * @param topicLimits how many topics there may be
 * @param network whom it serves, and where besides
 * @param replication how its log is served to followers; null: it is not
 */
public record BrokerSettings(
    String name,
    String cluster,
    InetSocketAddress listen,
    @Nullable String advertise,
    List<String> namesrvAddresses,
    Path storeDirectory,
    FlushMode flush,
    int segmentBytes,
    Duration retention,
    long retentionBytes,
    boolean autoCreateTopics,
    boolean autoCreateGroups,
    int defaultQueues,
    int maxMessageBytes,
    OffsetBeyondEnd offsetBeyondEnd,
    Deduplication deduplication,
    TransactionSettings transactions,
    int pullMessages,
    TopicLimits topicLimits,
    NetworkSettings network,
    @Nullable ReplicationSettings replication) {

  private static final int MOST_PULL_MESSAGES = 1024;
  private static final int MOST_DEFAULT_QUEUES = 1024;

  /** Room on disk that messages leave to offsets, deletions and deliveries. */
  private static final int RESERVE_BYTES = 16 << 20;

  private static final int RECORD_OVERHEAD = 64 * 1024; // properties, topic, headers

  /** The largest body that a frame carries, with the longest header in front of it. */
  public static final int MOST_MESSAGE_BYTES =
      RemotingSettings.DEFAULT_MAX_FRAME_BYTES - (512 << 10);

  public BrokerSettings {
    namesrvAddresses = List.copyOf(namesrvAddresses);
    if (name.isBlank() || cluster.isBlank()) {
      throw new IllegalArgumentException("broker.name and broker.cluster must not be empty");
    }
    if (defaultQueues < 1 || defaultQueues > MOST_DEFAULT_QUEUES) {
      throw new IllegalArgumentException(
          "topic.default-queues " + defaultQueues + " must be 1 to " + MOST_DEFAULT_QUEUES);
    }
    if (maxMessageBytes < 1 || maxMessageBytes > segmentBytes - RECORD_OVERHEAD) {
      throw new IllegalArgumentException(
          "message.max-bytes " + maxMessageBytes + " must be at least 1 and at most "
              + "store.segment-bytes less 64 KiB, " + (segmentBytes - RECORD_OVERHEAD));
    }
    if (maxMessageBytes > MOST_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "message.max-bytes " + maxMessageBytes + " must be at most " + MOST_MESSAGE_BYTES
              + ": no frame carries a larger body with its header");
    }
    if (pullMessages < 1 || pullMessages > MOST_PULL_MESSAGES) {
      throw new IllegalArgumentException(
          "pull.max-messages " + pullMessages + " must be 1 to " + MOST_PULL_MESSAGES);
    }
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException("store.retention-hours must be above 0");
    }
    if (retentionBytes < 0) {
      throw new IllegalArgumentException("store.retention-bytes " + retentionBytes + " is below 0");
    }
  }

  /** How the log is written, by whoever writes it: the broker, or a follower that copies one. */
  public LogSettings logSettings() {
    return new LogSettings(segmentBytes, Math.min(RESERVE_BYTES, segmentBytes / 4), flush);
  }

  RetentionSettings retentionSettings() {
    return new RetentionSettings(retention, retentionBytes == 0 ? Long.MAX_VALUE : retentionBytes);
  }
}
