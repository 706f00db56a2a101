package io.escrowmq.broker;

import io.escrowmq.broker.admin.AdminRequests;
import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.ConsumerRequests;
import io.escrowmq.broker.consumer.Group;
import io.escrowmq.broker.consumer.GroupCreation;
import io.escrowmq.broker.consumer.QueueLocks;
import io.escrowmq.broker.consumer.RetryLimits;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.Traffic;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.pull.MessageLookup;
import io.escrowmq.broker.pull.OffsetQueries;
import io.escrowmq.broker.pull.PullHandler;
import io.escrowmq.broker.pull.PullSettings;
import io.escrowmq.broker.reply.ReplyHandler;
import io.escrowmq.broker.route.BrokerIdentity;
import io.escrowmq.broker.route.RouteRegistration;
import io.escrowmq.broker.route.TopicsOfCatalog;
import io.escrowmq.broker.send.MessageForge;
import io.escrowmq.broker.send.MessageIntake;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.broker.tx.TransactionRequests;
import io.escrowmq.remoting.NetworkCounts;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Periodic;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.state.StateFiles;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of a running broker and how they hang together: the architecture as a constructor. */
final class BrokerParts implements AutoCloseable {

  private static final long MEMBERS_MILLIS = 10_000; // silent clients are dropped after minutes
  private static final long REBUILD_MILLIS = 1_000; // what is damaged waits so long
  private static final long SWEEP_MILLIS = 250; // waiting pulls end this late at most

  private final StateKeeper stateKeeper;
  private final LogEngine engine;
  private final PullHandler pull;
  private final ConsumerRequests consumers;
  private final TransactionRequests transactions;
  private final GroupCreation groupCreation;
  private final ConsumerOffsets offsets;
  private final RouteRegistration routes;
  private final Worker stateWorker;
  private final Worker routeWorker;
  private final Worker sweepWorker;
  private final Worker memberWorker;
  private final Worker rebuildWorker;
  private final Loop sweepLoop;
  private final Loop memberLoop;
  private final Loop rebuildLoop;
  private final RequestTable requests;
  private final MetricRegistry metrics = new MetricRegistry();

  BrokerParts(
      BrokerSettings settings,
      BrokerState state,
      StateFiles states,
      FileSystem files,
      RemotingClient client,
      InetSocketAddress bound,
      Surroundings surroundings) {
    InstantSource clock = surroundings.clock();
    Ticker ticker = surroundings.ticker();
    InetSocketAddress advertised = AdvertisedAddress.of(settings.advertise(), bound);
    Traffic traffic = new Traffic();
    ClientRegistry clients = new ClientRegistry(state.heap);
    DeletedTopics deleted = new DeletedTopics();

    groupCreation = new GroupCreation(state.groups, state.topics, settings.autoCreateGroups());
    pull = new PullHandler(
        state.topics,
        this::groupByUse,
        clients,
        state.offsets,
        deleted,
        state.queues,
        state.log,
        PullSettings.DEFAULT.withUsualMessages(settings.pullMessages()),
        settings.offsetBeyondEnd(),
        state.unreadable,
        traffic,
        ticker);
    engine = new LogEngine(
        state.log,
        state.appliers,
        state.queues,
        settings.flush() == FlushMode.SYNC,
        pull.arrivals(),
        surroundings);
    stateKeeper = new StateKeeper(
        state.log, states, state.views(), state.restored(), ticker, settings.segmentBytes());
    metrics.counter(
        "escrowmq_sends_repeated_total",
        "Sends that came again and were answered with the message that was there.",
        traffic::sendsRepeated);
    engine.loop().register(metrics);
    metrics.counter(
        "escrowmq_pulls_beyond_end_total",
        "Pulls at an offset behind the end of their queue; see group.offset-beyond-end.",
        traffic::pullsBeyondEnd);
    metrics.counter(
        "escrowmq_messages_unreadable_total",
        "Messages that cannot be delivered because their bytes are damaged or gone.",
        state.unreadable::count);
    metrics.gauge(
        "escrowmq_messages_lost",
        "Messages whose offsets are in the queues and whose records a repair of the store gave up.",
        state.lost::count);
    metrics.counter(
        "escrowmq_index_damaged_total",
        "Parts of queues and runs of keys that were found damaged, to be made again from the log.",
        () -> state.queues.everDamaged() + state.keys.everDamaged());
    metrics.gauge(
        "escrowmq_retention_behind_millis",
        "How far retention is behind the clock because the clock leapt; 0 in general.",
        state.ages::behindMillis);
    transactions = new TransactionRequests(new TransactionRequests.Parts(
        state.transactions,
        settings.transactions().exhausted(),
        state.log,
        engine.loop(),
        state.queueViews,
        state.keys,
        state.topics,
        state.ages,
        clients,
        metrics,
        advertised,
        surroundings));
    BrokerDuties duties = new BrokerDuties(state, stateKeeper, transactions);
    duties.addTo(engine.loop());

    routeWorker = surroundings.worker("route-loop");
    routes = new RouteRegistration(
        new BrokerIdentity(
            settings.name(), settings.cluster(), AdvertisedAddress.text(advertised), 0),
        settings.namesrvAddresses(),
        new TopicsOfCatalog(state.topics),
        client,
        ticker,
        routeWorker);
    state.topics.announceTo(routes::topicsChanged);
    TopicChanges topicChanges =
        new TopicChanges(engine.loop(), state.topics, pull::endWaiting, routes::spread);

    MessageIntake intake = new MessageIntake(
        engine.loop(),
        state.queueViews,
        state.topics,
        DelayBound.forHeap(state.delayed::waiting, Runtime.getRuntime().maxMemory(), state.heap));
    QueueLocks locks = new QueueLocks();
    state.topics.onDeleted(topic -> {
      Set<String> readers = clients.groupsOn(topic);
      readers.addAll(state.offsets.groupsOn(topic));
      readers.addAll(pull.waitingOn(topic));
      deleted.add(topic, readers, ticker.millis());
      locks.forgetTopic(topic);
      traffic.forgetTopic(topic);
    });
    state.groups.onDeleted(group -> {
      locks.forgetGroup(group);
      traffic.forgetGroup(group);
    });
    MessageForge forge = new MessageForge(
        advertised,
        settings.cluster(),
        new UniqueIds(
            advertised.getAddress(),
            ProcessHandle.current().pid(),
            (int) surroundings.chance().next(),
            clock));
    SendHandler send = new SendHandler(
        new SendSettings(
            advertised, settings.maxMessageBytes(), settings.deduplication().of()),
        state.topics,
        new RetryLimits(groupCreation, locks, ticker),
        forge,
        intake,
        transactions.intake(),
        state.recentSends,
        traffic,
        clock,
        surroundings.chance());

    ReplyHandler replies = new ReplyHandler(
        state.topics,
        clients,
        AdvertisedAddress.text(advertised),
        settings.maxMessageBytes(),
        clock);
    MessageLookup lookup = new MessageLookup(state.log, state.keys, state.topics);
    consumers = new ConsumerRequests(new ConsumerRequests.Parts(
        settings.name(),
        AdvertisedAddress.text(advertised),
        state.topics,
        topicChanges,
        state.groups,
        groupCreation,
        state.offsets,
        deleted,
        clients,
        locks,
        state.queues,
        state.log,
        engine.loop(),
        lookup::at,
        forge,
        intake,
        surroundings));
    AdminRequests admin = new AdminRequests(new AdminRequests.Parts(
        settings.name(),
        settings.cluster(),
        AdvertisedAddress.text(advertised),
        ShownSettings.of(settings, bound, advertised),
        state.topics,
        topicChanges,
        state.queues,
        clients,
        state.log,
        engine.loop(),
        duties.retention(),
        traffic,
        pull::waiting,
        state.delayed::waiting,
        state.unreadable,
        state.lost,
        files,
        settings.storeDirectory(),
        clock,
        ticker,
        ZoneId.systemDefault()));
    requests = BrokerRequests.of(
            send, replies, pull, new OffsetQueries(state.topics, state.queues), lookup)
        .and(consumers.table())
        .and(admin.table())
        .and(transactions.table())
        .afterEachRead(engine.loop()::go)
        .allowing(settings.network().anonymous());

    stateWorker = surroundings.worker("state-loop");
    Runnable sweep = () -> {
      long unused = clock.millis(); // steers it, should nobody else ask
      pull.onTick();
      admin.onTick();
    };
    sweepWorker = surroundings.worker("sweep-loop");
    sweepLoop = new Periodic(sweep, SWEEP_MILLIS, ticker);
    IndexCheck check = new IndexCheck(state.queues, state.keys, state.lost, ticker);
    QueueRebuild queueRebuild = new QueueRebuild(state.log, state.queues);
    KeyRebuild keyRebuild = new KeyRebuild(state.log, state.keys);
    Runnable rebuild = () -> {
      check.onTick();
      queueRebuild.onTick();
      keyRebuild.onTick();
    };
    rebuildWorker = surroundings.worker("rebuild-loop");
    rebuildLoop = new Periodic(rebuild, REBUILD_MILLIS, ticker);
    memberWorker = surroundings.worker("member-loop");
    memberLoop = new Periodic(consumers::onTick, MEMBERS_MILLIS, ticker);
    offsets = state.offsets;
  }

  private @Nullable Group groupByUse(String name) {
    return groupCreation.findOrCreate(name, engine.loop());
  }

  RequestTable requests() {
    return requests;
  }

  /** Shows what the network counts among the broker's metrics. */
  void count(NetworkCounts counts) {
    NetworkMetrics.register(metrics, counts);
  }

  /** Says who is told the reason when the log stops for good, in the log's turn. Before the start. */
  void whenFailed(Consumer<String> listener) {
    engine.loop().whenFailed(listener);
  }

  @Nullable
  String failure() {
    return engine.loop().stopped();
  }

  void start() {
    engine.start();
    transactions.start();
    stateWorker.start(stateKeeper.writer());
    sweepWorker.start(sweepLoop);
    memberWorker.start(memberLoop);
    rebuildWorker.start(rebuildLoop);
  }

  /** Tells the name servers, and keeps telling them from now on. */
  CompletionStage<Void> register() {
    CompletionStage<Void> registered = routes.registerNow();
    routeWorker.start(routes);
    return registered;
  }

  /** Tells the name servers nothing more but that this broker goes. */
  CompletionStage<Void> unregister() {
    routeWorker.close();
    return routes.unregister();
  }

  @Override
  public void close() {
    rebuildWorker.close();
    memberWorker.close();
    sweepWorker.close();
    transactions.close();
    engine.loop().submit(new InnerProposal(offsets::recordNow, () -> {}));
    engine.close();
    stateWorker.close();
    stateKeeper.writeLast();
  }
}
