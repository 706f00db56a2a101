package io.escrowmq.server.settings;

import static io.escrowmq.server.settings.Role.BROKER;
import static io.escrowmq.server.settings.Role.NAMESRV;
import static io.escrowmq.server.settings.Role.SERVER;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.remoting.Permission;
import io.escrowmq.store.FlushMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every setting there is: this list is the reference, and {@code docs/settings.md} is printed from
 * it. Immutable.
 *
 * <p>The keys are what other people's tools and files rely on: add, do not rename.
 */
public final class Keys {

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final Duration HUNDRED_YEARS = Duration.ofDays(36_500);
  private static final Duration THIRTY_DAYS = Duration.ofDays(30);
  private static final int MOST_OPEN = 100_000_000; // some 11 GB of memory

  public static final Setting<Endpoint> NAMESRV_LISTEN = setting(
      "namesrv.listen",
      ValueTypes.endpoint(),
      "127.0.0.1:9876",
      NAMESRV,
      "Where the name server listens; port 0 picks a free one.");

  public static final Setting<List<Endpoint>> NAMESRV_ADDRESSES = new Setting<>(
      "namesrv.addresses",
      ValueTypes.endpoints(),
      "",
      "127.0.0.1:9876",
      BROKER,
      "Name servers that the broker registers with, besides the one in its own process.");

  public static final Setting<Endpoint> BROKER_LISTEN = setting(
      "broker.listen",
      ValueTypes.endpoint(),
      "127.0.0.1:10911",
      BROKER,
      "Where the broker listens; port 0 picks a free one.");

  public static final Setting<Optional<Endpoint>> BROKER_ADVERTISE = setting(
      "broker.advertise",
      ValueTypes.advertised(),
      "",
      BROKER,
      "Address that clients are told; empty, or without port: as the broker listens.");

  public static final Setting<String> BROKER_NAME = setting(
      "broker.name",
      ValueTypes.name(),
      "broker-a",
      BROKER,
      "Name in routes; brokers of one cluster need different ones.");

  public static final Setting<String> BROKER_CLUSTER = setting(
      "broker.cluster",
      ValueTypes.name(),
      "DefaultCluster",
      BROKER,
      "Cluster that the broker belongs to.");

  public static final Setting<Boolean> BROKER_VIP_CHANNEL = setting(
      "broker.vip-channel",
      ValueTypes.flag(),
      "true",
      BROKER,
      "Listen on the port two below broker.listen as well, where old RocketMQ clients send to (VIP"
          + " channel); if that port is taken, a warning says so.");

  public static final Setting<Path> STORE_DIR = setting(
      "store.dir",
      ValueTypes.directory(),
      "data",
      SERVER,
      "Directory of everything that must survive a restart; one process at a time.");

  public static final Setting<FlushMode> STORE_FLUSH = setting(
      "store.flush",
      ValueTypes.oneOf(FlushMode.class),
      "async",
      BROKER,
      "Acknowledge when the operating system has a message (async), or the disk (sync).");

  public static final Setting<Long> STORE_SEGMENT_BYTES = setting(
      "store.segment-bytes",
      ValueTypes.bytes(MIB, GIB),
      "1GiB",
      BROKER,
      "Size of one log file; retention deletes whole files. What is in escrow must fit: with less the"
          + " broker does not start, and says how much it needs.");

  public static final Setting<Duration> STORE_RETENTION_HOURS = setting(
      "store.retention-hours",
      ValueTypes.hours(Duration.ofHours(1), HUNDRED_YEARS),
      "72h",
      BROKER,
      "How long messages are kept, consumed or not.");

  public static final Setting<Long> STORE_RETENTION_BYTES = setting(
      "store.retention-bytes",
      ValueTypes.bytes(0, Long.MAX_VALUE),
      "0",
      BROKER,
      "How much of the log is kept at most; the oldest file goes first. 0: no limit.");

  public static final Setting<Boolean> TOPIC_AUTO_CREATE = new Setting<>(
      "topic.auto-create",
      ValueTypes.flag(),
      "true",
      "false",
      BROKER,
      "Create a topic when somebody first sends to it; on by default in the all-in-one server.");

  public static final Setting<Integer> TOPIC_DEFAULT_QUEUES = setting(
      "topic.default-queues",
      ValueTypes.count(1, 1024),
      "8",
      BROKER,
      "Queues of a topic that is created by sending to it.");

  public static final Setting<Integer> TOPIC_AUTO_CREATE_MAX = setting(
      "topic.auto-create-max",
      ValueTypes.count(1, TopicLimits.LARGEST),
      "100000",
      BROKER,
      "When a broker has so many topics, those of groups' retries included, sends and new groups"
          + " create no more.");

  public static final Setting<Integer> TOPIC_MAX = setting(
      "topic.max",
      ValueTypes.count(1, TopicLimits.LARGEST),
      "150000",
      BROKER,
      "When a broker has so many topics, no more are created at all; name servers take 200000 of a"
          + " broker.");

  public static final Setting<Boolean> GROUP_AUTO_CREATE = setting(
      "group.auto-create",
      ValueTypes.flag(),
      "true",
      BROKER,
      "Create a consumer group when its first consumer comes.");

  public static final Setting<OffsetBeyondEnd> GROUP_OFFSET_BEYOND_END = setting(
      "group.offset-beyond-end",
      ValueTypes.oneOf(OffsetBeyondEnd.class),
      "recorded",
      BROKER,
      "Where a consumer goes on that pulls behind the end of a queue (the topic was made again, or a"
          + " power failure took back what it had read): at its group's recorded offset, or else the"
          + " beginning (recorded), or at the end, as RocketMQ does, which skips what was sent before"
          + " it came (end).");

  public static final Setting<Long> MESSAGE_MAX_BYTES = setting(
      "message.max-bytes",
      ValueTypes.bytes(1024, BrokerSettings.MOST_MESSAGE_BYTES),
      "4MiB",
      BROKER,
      "Largest body that is taken; larger ones are refused.");

  public static final Setting<Integer> PULL_MAX_MESSAGES = setting(
      "pull.max-messages",
      ValueTypes.count(1, 1024),
      "32",
      BROKER,
      "Messages that a pull gets at most, as with RocketMQ; EscrowMQ's client gets up to 1,024.");

  public static final Setting<Deduplication.Of> SEND_DEDUPLICATE = setting(
      "send.deduplicate",
      ValueTypes.oneOf(Deduplication.Of.class),
      "marked",
      BROKER,
      "Take a message once that is sent again because the answer was lost: off, those that are"
          + " marked so (as EscrowMQ's client does), or all by their unique key; RocketMQ's clients"
          + " give one key to all sends of one message object.");

  public static final Setting<Integer> SEND_DEDUPLICATE_KEYS = setting(
      "send.deduplicate-keys",
      ValueTypes.count(1, 10_000_000),
      "100000",
      BROKER,
      "How many messages of a topic are remembered for that, the latest; 56 to 112 bytes of memory"
          + " each.");

  public static final Setting<Long> SEND_DEDUPLICATE_BYTES = setting(
      "send.deduplicate-bytes",
      ValueTypes.bytes(64 * 1024, 4096 * MIB),
      "32MiB",
      BROKER,
      "How much memory that takes for all topics at most; the topic that was idle longest is"
          + " forgotten first.");

  public static final Setting<Duration> TX_FIRST_CHECK = setting(
      "tx.first-check",
      ValueTypes.time(Duration.ZERO, THIRTY_DAYS),
      "6s",
      BROKER,
      "When a producer is first asked about a half-message that it has not decided.");

  public static final Setting<Duration> TX_CHECK_EVERY = setting(
      "tx.check-every",
      ValueTypes.time(Duration.ofMillis(100), THIRTY_DAYS),
      "10s",
      BROKER,
      "Pause between the first check and the second; each pause is twice the one before.");

  public static final Setting<Duration> TX_CHECK_MAX_PAUSE = setting(
      "tx.check-max-pause",
      ValueTypes.time(Duration.ofMillis(100), THIRTY_DAYS),
      "10m",
      BROKER,
      "What the pauses between checks grow to at most.");

  public static final Setting<Integer> TX_MAX_CHECKS = setting(
      "tx.max-checks",
      ValueTypes.count(1, 1000),
      "15",
      BROKER,
      "How often producers are asked before what tx.exhausted says happens.");

  public static final Setting<ExhaustionPolicy> TX_EXHAUSTED = setting(
      "tx.exhausted",
      ValueTypes.oneOf(ExhaustionPolicy.class),
      "suspend",
      BROKER,
      "After the last check: leave it to an operator (suspend), roll back (discard), or roll back"
          + " and keep the messages in TRANS_CHECK_MAX_TIME_TOPIC, as RocketMQ does (system-topic).");

  public static final Setting<Integer> TX_MAX_OPEN = setting(
      "tx.max-open",
      ValueTypes.count(1, MOST_OPEN),
      "1000000",
      BROKER,
      "Half-messages in escrow at most; beyond it half-messages are refused, others are not.");

  public static final Setting<Long> TX_MAX_OPEN_BYTES = setting(
      "tx.max-open-bytes",
      ValueTypes.bytes(MIB, Long.MAX_VALUE),
      "8GiB",
      BROKER,
      "The same in bytes of the log.");

  public static final Setting<Integer> TX_GROUP_MAX_OPEN = setting(
      "tx.group-max-open",
      ValueTypes.count(1, MOST_OPEN),
      "500000",
      BROKER,
      "Half-messages of one producer group in escrow at most.");

  public static final Setting<Long> TX_GROUP_MAX_OPEN_BYTES = setting(
      "tx.group-max-open-bytes",
      ValueTypes.bytes(MIB, Long.MAX_VALUE),
      "4GiB",
      BROKER,
      "The same in bytes of the log.");

  public static final Setting<Boolean> SECURITY_ALLOW_ANONYMOUS = setting(
      "security.allow-anonymous",
      ValueTypes.flag(),
      "false",
      SERVER,
      "Listen beyond this machine although nobody has to log in.");

  public static final Setting<Set<Permission>> SECURITY_ANONYMOUS_PERMISSIONS = setting(
      "security.anonymous-permissions",
      ValueTypes.someOf(Permission.class),
      "connect,read,write,inspect,manage,serve",
      SERVER,
      "What whoever has not logged in may do, which is everybody so far: look at routes (connect),"
          + " read messages, write them, inspect and manage the broker; brokers must be allowed to"
          + " serve at name servers.");

  public static final Setting<Optional<Endpoint>> REPLICATION_LISTEN = setting(
      "replication.listen",
      ValueTypes.optionalEndpoint(),
      "",
      BROKER,
      "Where the broker serves its log to followers, which copy it while it runs; empty: to nobody.");

  public static final Setting<List<Endpoint>> REPLICATION_CONTROLLERS = setting(
      "replication.controllers",
      ValueTypes.endpoints(),
      "",
      BROKER,
      "Name servers with a controller, which says which of the replicas of this broker leads: all that"
          + " have the same broker.name. Empty: it is not one of several.");

  public static final Setting<Optional<Endpoint>> REPLICATION_ADVERTISE = setting(
      "replication.advertise",
      ValueTypes.advertised(),
      "",
      BROKER,
      "Address of replication.listen that other replicas are told; empty, or without port: as it listens.");

  public static final Setting<Integer> REPLICATION_PRIORITY = setting(
      "replication.priority",
      ValueTypes.count(0, 1_000_000),
      "100",
      BROKER,
      "Of two replicas that are equally good, the one with more is elected.");

  public static final Setting<Optional<Endpoint>> REPLICATION_FOLLOW = setting(
      "replication.follow",
      ValueTypes.optionalEndpoint(),
      "",
      BROKER,
      "The replication.listen of another broker: this one copies its log into store.dir, and serves no"
          + " clients; started again without this setting, it goes on in its place.");

  public static final Setting<Integer> REPLICATION_REPLICA = setting(
      "replication.replica",
      ValueTypes.count(1, 100),
      "1",
      BROKER,
      "Number of a follower; different for each that follows one broker.");

  public static final Setting<Integer> REPLICATION_MIN_IN_SYNC = setting(
      "replication.min-in-sync",
      ValueTypes.count(1, ReplicationSettings.MOST_REPLICAS),
      "1",
      BROKER,
      "How many replicas must have something before it is acknowledged and visible, the broker one of"
          + " them. 1: no follower is waited for, and what they do not have yet is lost with this machine."
          + " With replication.controllers: of a group that begins with this replica; 2 unless it is set.");

  public static final Setting<Optional<Path>> REPLICATION_SECRET_FILE = setting(
      "replication.secret-file",
      ValueTypes.optionalFile(),
      "",
      BROKER,
      "File with at least 16 bytes that the replicas of a broker share and nobody else knows; each"
          + " proves to the other that it does.");

  public static final Setting<Optional<Path>> CONTROLLER_SECRET_FILE = setting(
      "controller.secret-file",
      ValueTypes.optionalFile(),
      "",
      NAMESRV,
      "The replication.secret-file of the replicas whom this name server's controller leads; empty: it"
          + " has no controller.");

  private static final List<Setting<?>> ALL = List.of(
      NAMESRV_LISTEN,
      NAMESRV_ADDRESSES,
      BROKER_LISTEN,
      BROKER_ADVERTISE,
      BROKER_NAME,
      BROKER_CLUSTER,
      BROKER_VIP_CHANNEL,
      STORE_DIR,
      STORE_FLUSH,
      STORE_SEGMENT_BYTES,
      STORE_RETENTION_HOURS,
      STORE_RETENTION_BYTES,
      TOPIC_AUTO_CREATE,
      TOPIC_DEFAULT_QUEUES,
      TOPIC_AUTO_CREATE_MAX,
      TOPIC_MAX,
      GROUP_AUTO_CREATE,
      GROUP_OFFSET_BEYOND_END,
      MESSAGE_MAX_BYTES,
      PULL_MAX_MESSAGES,
      SEND_DEDUPLICATE,
      SEND_DEDUPLICATE_KEYS,
      SEND_DEDUPLICATE_BYTES,
      TX_FIRST_CHECK,
      TX_CHECK_EVERY,
      TX_CHECK_MAX_PAUSE,
      TX_MAX_CHECKS,
      TX_EXHAUSTED,
      TX_MAX_OPEN,
      TX_MAX_OPEN_BYTES,
      TX_GROUP_MAX_OPEN,
      TX_GROUP_MAX_OPEN_BYTES,
      SECURITY_ALLOW_ANONYMOUS,
      SECURITY_ANONYMOUS_PERMISSIONS,
      REPLICATION_LISTEN,
      REPLICATION_ADVERTISE,
      REPLICATION_CONTROLLERS,
      REPLICATION_PRIORITY,
      REPLICATION_FOLLOW,
      REPLICATION_REPLICA,
      REPLICATION_MIN_IN_SYNC,
      REPLICATION_SECRET_FILE,
      CONTROLLER_SECRET_FILE);

  private Keys() {}

  /** Every setting, in the order in which they are explained. */
  public static List<Setting<?>> all() {
    return ALL;
  }

  static @Nullable Setting<?> find(String key) {
    for (Setting<?> setting : ALL) {
      if (setting.key().equals(key)) {
        return setting;
      }
    }
    return null;
  }

  static @Nullable Setting<?> findVariable(String variable) {
    for (Setting<?> setting : ALL) {
      if (setting.variable().equals(variable)) {
        return setting;
      }
    }
    return null;
  }

  private static <T> Setting<T> setting(
      String key, ValueType<T> type, String standard, Role part, String help) {
    return new Setting<>(key, type, standard, standard, part, help);
  }
}
