package io.escrowmq.client;

import io.escrowmq.client.core.Blocking;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.LoopTimer;
import io.escrowmq.client.handle.ConsumerSettings;
import io.escrowmq.client.handle.GroupConsumer;
import io.escrowmq.client.pull.PollingConsumer;
import io.escrowmq.client.pull.PullSettings;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.LocalAddress;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.GroupProducer;
import io.escrowmq.client.send.OpenRequests;
import io.escrowmq.client.send.ProducerSettings;
import io.escrowmq.client.send.Sender;
import io.escrowmq.client.tx.ListenedProducer;
import io.escrowmq.client.tx.ListenerSettings;
import io.escrowmq.client.tx.TableSettings;
import io.escrowmq.client.tx.TableTransactions;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.Surroundings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application's connection to a cluster of brokers: one TCP connection a broker, shared by all of
 * its producers and consumers. One for each application is enough; any thread may use it.
 *
 * <p>Nothing is asked before something is sent or consumed, so it can be made before the servers are
 * there.
 */
public final class EscrowClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EscrowClient.class);

  private static final Duration POLL_EVERY = Duration.ofSeconds(30);
  private static final Duration BEAT_EVERY = Duration.ofSeconds(30);

  private final LoopTimer timer;
  private final Cluster cluster;
  private final ClientParts parts;
  private final Map<AutoCloseable, Runnable> users = new ConcurrentHashMap<>(); // and how to close
  private final AtomicBoolean closed = new AtomicBoolean();

  private EscrowClient(Builder settings) {
    InetAddress here = LocalAddress.find();
    long process = ProcessHandle.current().pid();
    Surroundings machine = settings.machine;
    int instance = (int) machine.chance().next();
    timer = new LoopTimer(machine, "escrowmq-client-duties");
    ServerRequests serverRequests = new ServerRequests();
    RemotingClient network =
        settings.network.client(serverRequests.table(), settings.networkSettings());
    NameServers nameServers =
        new NameServers(network, settings.nameServers, settings.requestTimeout);
    Routes routes = new Routes(nameServers, timer, POLL_EVERY);
    String name = settings.instance == null
        ? process + "#" + Integer.toUnsignedString(instance, 16)
        : settings.instance;
    String clientId = here.getHostAddress() + '@' + name;
    Presence presence =
        new Presence(network, timer, routes, clientId, BEAT_EVERY, settings.requestTimeout);
    OpenRequests openRequests = new OpenRequests(timer, machine.chance(), routes, presence);
    serverRequests.listen(openRequests);
    cluster = new Cluster(
        machine.loops(),
        network,
        timer,
        routes,
        presence,
        serverRequests,
        new Blocking(machine.loops(), network),
        settings.requestTimeout);
    parts = new ClientParts(
        cluster,
        new Sender(network, timer, routes),
        openRequests,
        new UniqueIds(here, process, instance, machine.clock()));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Begins a producer. */
  public ProducerBuilder producer() {
    checkOpen();
    return new ProducerBuilder(this::start);
  }

  private Producer start(ProducerSettings settings) {
    checkOpen();
    GroupProducer producer = new GroupProducer(parts, settings, users::remove);
    users.put(producer, producer::close);
    producer.start();
    return producer;
  }

  /** Begins a member of this consumer group. */
  public ConsumerBuilder consumer(String group) {
    checkOpen();
    return new ConsumerBuilder(group, this::start);
  }

  private Consumer start(ConsumerSettings settings) {
    checkOpen();
    Pool threads = cluster
        .loops()
        .pool("escrowmq-" + settings.group(), settings.concurrency(), Integer.MAX_VALUE);
    GroupConsumer consumer = new GroupConsumer(cluster, settings, threads, users::remove);
    consumer.start();
    users.put(consumer, consumer::close);
    return consumer;
  }

  /** Begins a polled member of this consumer group. */
  public PullConsumerBuilder pullConsumer(String group) {
    checkOpen();
    return new PullConsumerBuilder(group, this::start);
  }

  private PullConsumer start(PullSettings settings) {
    checkOpen();
    PollingConsumer consumer = new PollingConsumer(cluster, settings, users::remove);
    consumer.start();
    users.put(consumer, consumer::close);
    return consumer;
  }

  /**
   * The queues of a topic that can be read now; asks a name server when it is not known yet. Waits up
   * to 2 s for a topic that this client's own send has created just now.
   *
   * @throws TopicNotFoundException when no broker has the topic
   */
  public List<TopicQueue> queuesOf(String topic) {
    checkOpen();
    return cluster
        .waiting()
        .forResultOf(cluster.routes().findPatiently(Names.topic(topic)))
        .readable();
  }

  /**
   * Begins a producer whose local transactions the listener runs and remembers.
   *
   * @param group of the producers that answer for each other's half-messages; this client must not
   *     answer for it otherwise
   */
  public TransactionalProducerBuilder transactionalProducer(
      String group, TransactionListener listener) {
    Objects.requireNonNull(listener, "the listener is null");
    checkOpen();
    return new TransactionalProducerBuilder(group, settings -> start(settings, listener));
  }

  private TransactionalProducer start(ListenerSettings settings, TransactionListener listener) {
    checkOpen();
    ListenedProducer producer = new ListenedProducer(parts, settings, listener, users::remove);
    producer.start();
    users.put(producer, producer::close);
    return producer;
  }

  /**
   * Begins transactions on this database with messages in them.
   *
   * @param dataSource of the database itself, no replica of it; hands out a connection for each
   *     transaction, and some more for checks
   */
  public EscrowTransactionsBuilder transactions(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "the data source is null");
    checkOpen();
    return new EscrowTransactionsBuilder(settings -> start(settings, dataSource));
  }

  private EscrowTransactions start(TableSettings settings, DataSource dataSource) {
    checkOpen();
    TableTransactions transactions =
        new TableTransactions(parts, settings, dataSource, users::remove);
    transactions.start();
    users.put(transactions, transactions::close);
    return transactions;
  }

  /** For what sends in transactions of others, and is built elsewhere. */
  ClientParts parts() {
    checkOpen();
    return parts;
  }

  /** Closes it together with this client. */
  void keep(EscrowJta user) {
    users.put(user, user::close);
  }

  /** It has been closed. */
  void letGo(AutoCloseable user) {
    users.remove(user);
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Failures.closed("the client");
    }
  }

  /**
   * Closes its producers and consumers, which finish what they began, then the connections. Not from
   * within a handler or a callback, which it would wait for.
   */
  @Override
  public void close() {
    cluster.waiting().checkThread();
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    users.values().forEach(Runnable::run);
    cluster.presence().close();
    cluster.routes().close();
    parts.sender().close();
    parts.openRequests().close();
    timer.close();
    cluster.network().close();
  }

  /** Says where the servers are. Owner: whoever builds. */
  public static final class Builder {

    private List<String> nameServers = List.of("127.0.0.1:9876");
    private Duration requestTimeout = Duration.ofSeconds(3);
    private int networkThreads = 1;
    private @Nullable String instance;
    private Network network = new NettyNetwork();
    private Surroundings machine = Surroundings.ofThisMachine(
        (thread, failure) -> LOG.error("{} failed, and goes on", thread, failure));

    private Builder() {}

    /**
     * The name servers, "host:port", several separated by semicolons; {@code 127.0.0.1:9876} by
     * default.
     */
    public Builder nameServers(String addresses) {
      Objects.requireNonNull(addresses, "the name servers is null");
      List<String> given = new ArrayList<>();
      for (String address : addresses.split(";", -1)) {
        given.add(Names.address(address.strip()));
      }
      nameServers = List.copyOf(given);
      return this;
    }

    /**
     * For answers to all requests but sends and pulls; 3 s by default. Too short fails where servers
     * are only slow, too long hides for a while that they are gone.
     */
    public Builder requestTimeout(Duration timeout) {
      Objects.requireNonNull(timeout, "the request timeout is null");
      if (timeout.toMillis() < 1) {
        throw new IllegalArgumentException(
            "the request timeout is " + timeout + ", at least 1 ms is needed");
      }
      requestTimeout = timeout;
      return this;
    }

    /**
     * Threads that move bytes; 1 by default, which is enough for some hundred thousand messages a
     * second.
     */
    public Builder networkThreads(int threads) {
      networkThreads = threads;
      return this;
    }

    /**
     * What brokers know this client by, beside its host; by default a name that no client ever had. A
     * process that is started again under its old name takes up at once what it had locked: after a
     * crash, an orderly consumer would otherwise wait for a minute. Two clients that live at the same
     * time must not have one name: both would handle the same queues.
     *
     * @param name letters, digits, '-' and '_'
     */
    public Builder instance(String name) {
      Objects.requireNonNull(name, "the instance is null");
      if (!name.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException(
            "the instance '" + name + "' has other characters than letters, digits, '-' and '_'");
      }
      instance = name;
      return this;
    }

    /** Lives in another world than this machine's. */
    Builder in(Surroundings other, Network otherNetwork) {
      machine = other;
      network = otherNetwork;
      return this;
    }

    private RemotingSettings networkSettings() {
      return RemotingSettings.forServer(networkThreads).withRequestHeaders(HeaderEncoding.BINARY);
    }

    public EscrowClient build() {
      EscrowClient client = new EscrowClient(this);
      client.cluster.routes().start();
      client.cluster.presence().start();
      return client;
    }
  }
}
