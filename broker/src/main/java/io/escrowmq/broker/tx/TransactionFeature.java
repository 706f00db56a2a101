package io.escrowmq.broker.tx;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onAsking;
import static io.escrowmq.remoting.code.RequestCode.DECIDE_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.END_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.GET_METRICS;
import static io.escrowmq.remoting.code.RequestCode.LIST_TRANSACTIONS;
import static io.escrowmq.remoting.code.RequestCode.ORDER_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.RECHECK_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.RESUME_CHECK_HALF_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SHOW_TRANSACTION;

import io.escrowmq.broker.connected.ClientEvents;
import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.intake.HalfIntake;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.ResumeCheckHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import io.escrowmq.tx.TransactionCoordinator;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Half-messages: escrow, decisions, and the questions to those who did not decide. */
public final class TransactionFeature implements Feature {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionFeature.class);

  private final LogCore core;
  private final InetSocketAddress storeHost;
  private final MetricRegistry metrics;
  private final Transactions transactions;
  private final EscrowParts escrow;
  private final Producers producers;
  private final ReturningProducers returning;
  private final Duty duty;
  private final CheckSender sender;
  private final Worker checkWorker;
  private final LateAnswers answers;
  private final Worker answerWorker;
  private final DeletedTopicLog deletedTopics = new DeletedTopicLog();

  /**
   * @param delayed where messages wait that were released before their time
   * @param producers tell this one of those who come, from its start on
   * @param storeHost the address that clients are told
   */
  public TransactionFeature(
      LogCore core,
      TransactionSettings settings,
      TopicCatalog topics,
      DelayedMessages delayed,
      Producers producers,
      MetricRegistry metrics,
      InetSocketAddress storeHost) {
    this.core = core;
    this.producers = producers;
    this.storeHost = storeHost;
    this.metrics = metrics;
    Surroundings surroundings = core.surroundings();
    CommitLog log = core.log();
    TransactionCoordinator coordinator = new TransactionCoordinator(
        settings.schedule(),
        Transactions.fitting(settings.bounds(), log.payloadAtMost()),
        surroundings.chance().next());
    transactions = new Transactions(
        coordinator,
        log::visible,
        core.queueViews(),
        delayed,
        core.keys(),
        surroundings.clock(),
        surroundings.ticker(),
        core.heap());
    checkWorker = surroundings.worker("check-loop");
    answerWorker = surroundings.worker("transaction-answers");
    answers = new LateAnswers(answerWorker);
    TransactionMetrics counters =
        new TransactionMetrics(metrics, transactions::visibleFigures, surroundings.clock());
    escrow = new EscrowParts(
        core.loop(),
        coordinator,
        new DecisionWriter(
            log,
            core.queueViews(),
            topics,
            transactions.recent(),
            core.ages(),
            DecisionWriter.READ_A_TURN),
        new DecisionArchive(log, core.keys()),
        counters,
        new RefusalLog(),
        answers);
    returning = new ReturningProducers(core.loop()::wake);
    sender = new CheckSender(log, producers, counters, storeHost, checkWorker);
    duty = new CheckDuty(
        escrow,
        producers,
        returning,
        sender,
        settings.exhausted(),
        new ExhaustedTopic(log, core.queueViews(), ExhaustedTopic.BYTES_A_TURN),
        surroundings.clock(),
        surroundings.ticker());
  }

  /** What is in escrow and what was decided. */
  public Transactions transactions() {
    return transactions;
  }

  /** The way into escrow. */
  public HalfIntake intake() {
    return new HalfMessages(
        core.loop(), transactions.coordinator(), producers, transactions.memory());
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.onMessage(transactions::applyHalf, RecordKind.HALF);
    appliers.on(RecordKind.DECISION, transactions::applyDecision);
    appliers.on(RecordKind.CHECK, transactions::applyCheck);
  }

  @Override
  public List<View> views() {
    return List.of(transactions);
  }

  @Override
  public List<EscrowedMessages> holds() {
    return List.of(transactions.inEscrow());
  }

  /** Questions to producers, and what follows when nobody answers. */
  @Override
  public List<Duty> duties() {
    return List.of(duty);
  }

  @Override
  public RequestTable requests() {
    TransactionHandler handler =
        new TransactionHandler(core.loop(), new Reports(core.loop(), escrow));
    TransactionQueryHandler queries = new TransactionQueryHandler(
        new TransactionQueries(
            core.loop(),
            escrow,
            new TransactionViews(core.log(), storeHost),
            core.surroundings().clock()),
        metrics);
    return RequestTable.of(
        onAsking(END_TRANSACTION, EndTransactionHeader.FIELDS, WRITE, handler::end),
        onAsking(DECIDE_TRANSACTION, DecideTransactionHeader.FIELDS, WRITE, handler::decide),
        on(LIST_TRANSACTIONS, ListTransactionsHeader.FIELDS, INSPECT, queries::list),
        onAsking(SHOW_TRANSACTION, TransactionIdHeader.FIELDS, INSPECT, queries::show),
        on(GET_METRICS, HeaderReader.RAW, INSPECT, queries::metrics),
        onAsking(ORDER_TRANSACTION, OrderTransactionHeader.FIELDS, MANAGE, handler::order),
        onAsking(RECHECK_TRANSACTION, RecheckTransactionHeader.FIELDS, MANAGE, handler::recheck),
        onAsking(
            RESUME_CHECK_HALF_MESSAGE, ResumeCheckHeader.FIELDS, MANAGE, handler::resumeCheck));
  }

  /** The loop that gives slow answers; a worker of this object turns it once it is started. */
  public Loop answers() {
    return answers;
  }

  /** The loop that sends checks; likewise. */
  Loop checks() {
    return sender;
  }

  /** Which half-messages are concerned is known when they are decided: their topics are on the disk only. */
  @Override
  public void letGoOfTopic(String topic) {
    String line =
        deletedTopics.line(core.surroundings().ticker().millis(), topic, transactions.figures());
    if (line != null) {
      LOG.warn(line);
    }
  }

  /** Who is told of producers that come, from the start on. */
  ClientEvents.Listener returning() {
    return returning;
  }

  @Override
  public void start() {
    producers.events().add(returning);
    checkWorker.start(sender);
    answerWorker.start(answers);
  }

  @Override
  public void stop() {
    producers.events().remove(returning);
    answerWorker.close();
    checkWorker.close();
  }
}
