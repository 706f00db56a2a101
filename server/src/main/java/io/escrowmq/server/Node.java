package io.escrowmq.server;

import io.escrowmq.broker.Broker;
import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.Follower;
import io.escrowmq.broker.NetworkSettings;
import io.escrowmq.broker.Replica;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.namesrv.controller.ConsensusException;
import io.escrowmq.namesrv.kv.DiskKvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one process consists of: a name server, a broker, or both. Owner: the thread that starts it;
 * it may be closed by another.
 */
final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private static final int PAGE_BYTES = 4096; // the log's segments are whole pages

  private final Settings settings;
  private final Machine<FileSystem> machine;
  private final Startup startup = new Startup();
  private final Replication replication;
  private @Nullable Namesrv namesrv;
  private @Nullable Broker broker;
  private @Nullable Replica replica;
  private final CompletableFuture<String> failure = new CompletableFuture<>();

  Node(Settings settings, Machine<FileSystem> machine) {
    this.settings = settings;
    this.machine = machine;
    this.replication = new Replication(settings);
  }

  /**
   * Returns when clients may come.
   *
   * @throws SettingsException when the settings cannot be used; nothing was opened then
   * @throws StartupException when a part did not start; what had started is stopped again
   */
  void start() {
    ListenAddress.check(settings);
    TransactionSettings transactions = TransactionKeys.of(settings);
    Role role = settings.role();
    if (role.includes(Role.NAMESRV)) {
      startNamesrv();
    }
    if (role.includes(Role.BROKER)) {
      startBroker(transactions);
    }
  }

  private void startNamesrv() {
    InetSocketAddress listen = ListenAddress.address(settings, Keys.NAMESRV_LISTEN);
    Namesrv starting;
    try {
      starting = new Namesrv(namesrvSettings(listen), machine.withFiles(DiskKvFile::open));
    } catch (StorageException | KvFileException | ConsensusException e) {
      close();
      throw new StartupException("The name server did not start: " + e.getMessage(), e);
    }
    startup.start("the name server", starting::start, starting);
    namesrv = starting;
  }

  private NamesrvSettings namesrvSettings(InetSocketAddress listen) {
    ReplicaSecret secret = new Replication(settings).controllerSecret();
    Path directory = lockedNamesrvDirectory();
    if (secret != null && directory == null) {
      throw new StartupException(
          "The controller did not start: another name server uses its directory; set store.dir to one of its own");
    }
    NamesrvSettings plain = NamesrvSettings.of(listen, directory)
        .allowing(settings.value(Keys.SECURITY_ANONYMOUS_PERMISSIONS));
    return secret == null ? plain : plain.controlling(secret);
  }

  /**
   * Where the name server keeps what administrators configured. Several of them are started side by
   * side, in one working directory, more often than not: if the directory was not configured and is in
   * use, this one runs without it.
   */
  private @Nullable Path lockedNamesrvDirectory() {
    Path directory = settings.value(Keys.STORE_DIR).resolve("namesrv");
    try {
      machine.files().createDirectories(directory);
      startup.hold("the name server's directory", machine.files().lock(directory.resolve("lock")));
      return directory;
    } catch (StorageException e) {
      boolean asked = !settings.origin(Keys.STORE_DIR).isDefault();
      if (asked || settings.role() != Role.NAMESRV || e.reason() != Reason.LOCKED) {
        throw e;
      }
      LOG.warn("The KV configuration is kept in memory only: {}", e.getMessage());
      return null;
    }
  }

  private void startBroker(TransactionSettings transactions) {
    Optional<Endpoint> leader = replication.leader();
    if (leader.isPresent()) {
      Follower starting = new Follower(
          brokerSettings(transactions),
          replication.followed(leader.get(), settings.value(Keys.BROKER_NAME)),
          machine,
          failure::complete);
      startup.start("the follower", starting::start, starting);
      return;
    }
    GroupSettings group = replication.group();
    if (group != null) {
      Replica starting =
          new Replica(brokerSettings(transactions), group, machine, failure::complete);
      startup.start("the replica", starting::start, starting);
      replica = starting;
      return;
    }
    Broker starting = new Broker(brokerSettings(transactions), machine, failure::complete);
    startup.start("the broker", starting::start, starting);
    broker = starting;
  }

  BrokerSettings brokerSettings(TransactionSettings transactions) {
    return brokerSettings(
        transactions,
        Math.toIntExact(settings.value(Keys.MESSAGE_MAX_BYTES)),
        replication.served());
  }

  /**
   * For the files of a broker that is stopped: nobody sends or follows, so neither a size of messages nor a
   * secret of replicas is asked about.
   */
  BrokerSettings storeSettings(TransactionSettings transactions) {
    return brokerSettings(transactions, 1, null);
  }

  private BrokerSettings brokerSettings(
      TransactionSettings transactions,
      int maxMessageBytes,
      @Nullable ReplicationSettings replicationSettings) {
    List<String> namesrvs = new ArrayList<>();
    namesrv().ifPresent(own -> namesrvs.add(own.toString()));
    settings.value(Keys.NAMESRV_ADDRESSES).forEach(other -> namesrvs.add(other.toString()));
    long segmentBytes = settings.value(Keys.STORE_SEGMENT_BYTES);
    try {
      return new BrokerSettings(
          settings.value(Keys.BROKER_NAME),
          settings.value(Keys.BROKER_CLUSTER),
          ListenAddress.address(settings, Keys.BROKER_LISTEN),
          ListenAddress.advertised(settings).orElse(null),
          namesrvs,
          settings.value(Keys.STORE_DIR),
          settings.value(Keys.STORE_FLUSH),
          (int) (segmentBytes / PAGE_BYTES * PAGE_BYTES),
          settings.value(Keys.STORE_RETENTION_HOURS),
          settings.value(Keys.STORE_RETENTION_BYTES),
          settings.value(Keys.TOPIC_AUTO_CREATE),
          settings.value(Keys.GROUP_AUTO_CREATE),
          settings.value(Keys.TOPIC_DEFAULT_QUEUES),
          maxMessageBytes,
          settings.value(Keys.GROUP_OFFSET_BEYOND_END),
          new Deduplication(
              settings.value(Keys.SEND_DEDUPLICATE),
              settings.value(Keys.SEND_DEDUPLICATE_KEYS),
              settings.value(Keys.SEND_DEDUPLICATE_BYTES)),
          transactions,
          settings.value(Keys.PULL_MAX_MESSAGES),
          new TopicLimits(
              Math.min(settings.value(Keys.TOPIC_AUTO_CREATE_MAX), settings.value(Keys.TOPIC_MAX)),
              settings.value(Keys.TOPIC_MAX)),
          new NetworkSettings(
              settings.value(Keys.SECURITY_ANONYMOUS_PERMISSIONS),
              settings.value(Keys.BROKER_VIP_CHANNEL)),
          replicationSettings);
    } catch (IllegalArgumentException e) {
      close();
      throw new SettingsException(e.getMessage() + ".");
    }
  }

  /** Completes with the reason when the broker has stopped for good and the process is to end. */
  CompletableFuture<String> failure() {
    return failure;
  }

  /** Where this process's name server is reached from this machine; empty when it has none. */
  Optional<Endpoint> namesrv() {
    return Optional.ofNullable(namesrv).map(it -> ListenAddress.fromHere(it.address()));
  }

  /** Whose log this process copies; empty when it has a broker, or only a name server. */
  Optional<Endpoint> leader() {
    return settings.role().includes(Role.BROKER) ? replication.leader() : Optional.empty();
  }

  /** Where this process's broker is reached when it leads; empty when it is not one of several. */
  Optional<Endpoint> replica() {
    return Optional.ofNullable(replica).map(it -> ListenAddress.fromHere(it.address()));
  }

  /** Where this process's broker is reached from this machine; empty when it has none. */
  Optional<Endpoint> broker() {
    return Optional.ofNullable(broker).map(it -> ListenAddress.fromHere(it.address()));
  }

  /** Stops accepting, makes durable, unregisters; the broker first. */
  @Override
  public void close() {
    startup.close();
  }

  /** Whether it is closed, nothing failed before that, and each part has stopped as it should. */
  boolean hasStoppedInOrder() {
    return !failure.isDone() && startup.hasStoppedInOrder();
  }
}
