package io.escrowmq.client.wiring;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.EscrowTransactionsBuilder;
import io.escrowmq.client.Producer;
import io.escrowmq.client.ProducerBuilder;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.PullConsumerBuilder;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.client.TransactionalProducerBuilder;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.LocalFiles;
import io.escrowmq.client.core.LoopTimer;
import io.escrowmq.client.core.Names;
import io.escrowmq.client.handle.ConsumerSettings;
import io.escrowmq.client.handle.GroupConsumer;
import io.escrowmq.client.handle.GroupConsumerBuilder;
import io.escrowmq.client.jta.BranchJta;
import io.escrowmq.client.jta.BranchJtaBuilder;
import io.escrowmq.client.jta.JtaSettings;
import io.escrowmq.client.pull.PollingConsumer;
import io.escrowmq.client.pull.PollingConsumerBuilder;
import io.escrowmq.client.pull.PullSettings;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.GroupProducer;
import io.escrowmq.client.send.GroupProducerBuilder;
import io.escrowmq.client.send.OpenRequests;
import io.escrowmq.client.send.ProducerSettings;
import io.escrowmq.client.send.Sender;
import io.escrowmq.client.send.WaitingReplies;
import io.escrowmq.client.tx.ListenerProducer;
import io.escrowmq.client.tx.ListenerProducerBuilder;
import io.escrowmq.client.tx.ListenerSettings;
import io.escrowmq.client.tx.TableSettings;
import io.escrowmq.client.tx.TableTransactions;
import io.escrowmq.client.tx.TableTransactionsBuilder;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each server of a cluster, and all that uses it. This constructor is what a client
 * is made of. Any thread.
 */
final class ClusterClient implements EscrowClient {

  private static final Duration POLL_EVERY = Duration.ofSeconds(30);
  private static final Duration BEAT_EVERY = Duration.ofSeconds(30);

  private final LoopTimer timer;
  private final Cluster cluster;
  private final LocalFiles files;
  private final ClientParts parts;
  private final Map<AutoCloseable, Runnable> users = new ConcurrentHashMap<>(); // and how to close
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A client that waits for {@link #start}.
   *
   * @param instance its name beside that of its host; null for one that no client ever had
   * @param requestTimeout for answers to all requests but sends and pulls
   */
  ClusterClient(
      ClientSurroundings around,
      List<String> nameServers,
      @Nullable String instance,
      int networkThreads,
      Duration requestTimeout) {
    Surroundings machine = around.machine();
    files = around.files();
    int number = (int) machine.chance().next();
    timer = new LoopTimer(machine, "escrowmq-client-duties");
    WaitingReplies replies = new WaitingReplies();
    ServerRequests serverRequests = new ServerRequests(replies);
    RemotingClient network = around
        .network()
        .client(
            serverRequests.table(),
            RemotingSettings.forClient(networkThreads).withRequestHeaders(HeaderEncoding.BINARY));
    NameServers names = new NameServers(network, nameServers, requestTimeout);
    Routes routes = new Routes(names, timer, POLL_EVERY);
    String name =
        instance == null ? around.process() + "#" + Integer.toUnsignedString(number, 16) : instance;
    String clientId = around.host().getHostAddress() + '@' + name;
    Presence presence = new Presence(network, timer, routes, clientId, BEAT_EVERY, requestTimeout);
    OpenRequests openRequests =
        new OpenRequests(replies, timer, machine.chance(), routes, presence);
    cluster = new Cluster(
        machine.loops(),
        network,
        timer,
        routes,
        presence,
        serverRequests,
        new BlockingCalls(machine.loops(), network),
        requestTimeout);
    parts = new ClientParts(
        cluster,
        new Sender(network, timer, routes),
        openRequests,
        new UniqueIds(around.host(), around.process(), number, machine.clock()));
  }

  void start() {
    cluster.routes().start();
    cluster.presence().start();
  }

  @Override
  public ProducerBuilder producer() {
    checkOpen();
    return new GroupProducerBuilder(this::start);
  }

  private Producer start(ProducerSettings settings) {
    checkOpen();
    GroupProducer producer = new GroupProducer(parts, settings, users::remove);
    users.put(producer, producer::close);
    producer.start();
    return producer;
  }

  @Override
  public ConsumerBuilder consumer(String group) {
    checkOpen();
    return new GroupConsumerBuilder(group, this::start);
  }

  private Consumer start(ConsumerSettings settings) {
    checkOpen();
    Pool threads = cluster
        .loops()
        .pool("escrowmq-" + settings.group(), settings.concurrency(), Integer.MAX_VALUE);
    GroupConsumer consumer = new GroupConsumer(cluster, settings, files, threads, users::remove);
    consumer.start();
    users.put(consumer, consumer::close);
    return consumer;
  }

  @Override
  public PullConsumerBuilder pullConsumer(String group) {
    checkOpen();
    return new PollingConsumerBuilder(group, this::start);
  }

  private PullConsumer start(PullSettings settings) {
    checkOpen();
    PollingConsumer consumer = new PollingConsumer(cluster, settings, users::remove);
    consumer.start();
    users.put(consumer, consumer::close);
    return consumer;
  }

  @Override
  public List<TopicQueue> queuesOf(String topic) {
    checkOpen();
    return cluster
        .waiting()
        .forResultOf(cluster.routes().findPatiently(Names.topic(topic)))
        .readable();
  }

  @Override
  public TransactionalProducerBuilder transactionalProducer(
      String group, TransactionListener listener) {
    Objects.requireNonNull(listener, "the listener is null");
    checkOpen();
    return new ListenerProducerBuilder(group, settings -> start(settings, listener));
  }

  private TransactionalProducer start(ListenerSettings settings, TransactionListener listener) {
    checkOpen();
    ListenerProducer producer = new ListenerProducer(parts, settings, listener, users::remove);
    producer.start();
    users.put(producer, producer::close);
    return producer;
  }

  @Override
  public EscrowTransactionsBuilder transactions(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "the data source is null");
    checkOpen();
    return new TableTransactionsBuilder(settings -> start(settings, dataSource));
  }

  private EscrowTransactions start(TableSettings settings, DataSource dataSource) {
    checkOpen();
    TableTransactions transactions =
        new TableTransactions(parts, settings, dataSource, users::remove);
    transactions.start();
    users.put(transactions, transactions::close);
    return transactions;
  }

  /** Begins messages in transactions of a transaction manager. */
  EscrowJta.Builder jta() {
    return new BranchJtaBuilder(this::start);
  }

  private EscrowJta start(JtaSettings settings) {
    checkOpen();
    BranchJta jta = new BranchJta(parts, settings, users::remove);
    jta.start();
    users.put(jta, jta::close);
    return jta;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Failures.closed("the client");
    }
  }

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
}
