package io.escrowmq.broker.tx;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.DECIDE_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.END_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.GET_METRICS;
import static io.escrowmq.remoting.code.RequestCode.LIST_TRANSACTIONS;
import static io.escrowmq.remoting.code.RequestCode.ORDER_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.RECHECK_TRANSACTION;
import static io.escrowmq.remoting.code.RequestCode.RESUME_CHECK_HALF_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SHOW_TRANSACTION;

import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.send.HalfIntake;
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
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.tx.TransactionCoordinator;
import java.net.InetSocketAddress;

/** Everything about half-messages that takes part in a running broker, built by hand. */
public final class TransactionRequests implements AutoCloseable {

  /**
   * What it is built from.
   *
   * @param exhausted what happens when all checks were in vain
   * @param storeHost the address that clients are told
   */
  public record Parts(
      Transactions transactions,
      Exhausted exhausted,
      CommitLog log,
      LogLoop loop,
      QueueViews queues,
      KeyIndex keys,
      TopicCatalog topics,
      SegmentAges ages,
      ClientRegistry clients,
      MetricRegistry metrics,
      InetSocketAddress storeHost,
      Surroundings surroundings) {}

  private final Parts parts;
  private final TransactionCoordinator coordinator;
  private final EscrowParts escrow;
  private final Producers producers;
  private final Duty duty;
  private final CheckSender sender;
  private final Worker checkWorker;
  private final LateAnswers answers;
  private final Worker answerWorker;

  public TransactionRequests(Parts parts) {
    this.parts = parts;
    Surroundings surroundings = parts.surroundings();
    checkWorker = surroundings.worker("check-loop");
    answerWorker = surroundings.worker("transaction-answers");
    answers = new LateAnswers(answerWorker);
    coordinator = parts.transactions().coordinator();
    TransactionMetrics metrics = new TransactionMetrics(
        parts.metrics(), parts.transactions()::figures, surroundings.clock());
    escrow = new EscrowParts(
        parts.loop(),
        coordinator,
        new DecisionWriter(
            parts.log(),
            parts.queues(),
            parts.topics(),
            parts.transactions().recent(),
            parts.ages(),
            DecisionWriter.READ_A_TURN),
        new DecisionArchive(parts.log(), parts.keys()),
        metrics,
        new RefusalLog(),
        answers);
    ReturningProducers returning = new ReturningProducers(parts.loop()::wake);
    producers = new Producers(parts.clients(), returning::came);
    parts.clients().onProducer(returning::came, returning::isHere);
    sender = new CheckSender(parts.log(), producers, metrics, parts.storeHost(), checkWorker);
    duty = new CheckDuty(
        escrow,
        producers,
        returning,
        sender,
        parts.exhausted(),
        new ExhaustedTopic(parts.log(), parts.queues(), ExhaustedTopic.BYTES_A_TURN),
        surroundings.clock(),
        surroundings.ticker());
  }

  /** What is due by time: questions to producers, and what follows when nobody answers. */
  public Duty duty() {
    return duty;
  }

  /** The way into escrow. */
  public HalfIntake intake() {
    return new HalfMessages(
        parts.loop(), coordinator, producers, parts.transactions().memory());
  }

  public RequestTable table() {
    TransactionHandler handler = new TransactionHandler(parts.loop(), escrow);
    TransactionQueries queries = new TransactionQueries(
        parts.loop(),
        escrow,
        new TransactionViews(parts.log(), parts.storeHost()),
        parts.metrics(),
        parts.surroundings().clock());
    return RequestTable.of(
        on(END_TRANSACTION, EndTransactionHeader.FIELDS, WRITE, handler::end),
        on(DECIDE_TRANSACTION, DecideTransactionHeader.FIELDS, WRITE, handler::decide),
        on(LIST_TRANSACTIONS, ListTransactionsHeader.FIELDS, INSPECT, queries::list),
        on(SHOW_TRANSACTION, TransactionIdHeader.FIELDS, INSPECT, queries::show),
        on(GET_METRICS, HeaderReader.RAW, INSPECT, queries::metrics),
        on(ORDER_TRANSACTION, OrderTransactionHeader.FIELDS, MANAGE, handler::order),
        on(RECHECK_TRANSACTION, RecheckTransactionHeader.FIELDS, MANAGE, handler::recheck),
        on(RESUME_CHECK_HALF_MESSAGE, ResumeCheckHeader.FIELDS, MANAGE, handler::resumeCheck));
  }

  /** The loop that gives slow answers; likewise. */
  public Loop answers() {
    return answers;
  }

  /** The loop that sends checks; a worker of this object turns it once it is started. */
  Loop checks() {
    return sender;
  }

  public void start() {
    checkWorker.start(sender);
    answerWorker.start(answers);
  }

  @Override
  public void close() {
    answerWorker.close();
    checkWorker.close();
  }
}
