package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.core.Arguments;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.MessageEncoder;
import io.escrowmq.client.send.Placement;
import io.escrowmq.client.send.Sender;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.UniqueIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Half-messages that wait for a transaction manager: brokers never ask about them, and no timer ends
 * them. For one producer group; blocks. Any thread.
 */
public final class PreparedMessages implements AutoCloseable {

  private static final int RETRIES = 2;

  private final Cluster cluster;
  private final Sender sender;
  private final UniqueIds ids;
  private final String group;
  private final Duration sendTimeout;
  private final GroupEscrow escrow;
  private final Capabilities capabilities;
  private final BrokerChoice brokers;
  private final Endings endings;
  private final MessageEncoder plain;

  /**
   * @param sendTimeout of storing a message, all tries included
   * @param decisionTimeout of telling a broker how a transaction ended, all tries included
   */
  public PreparedMessages(
      ClientParts parts,
      String group,
      Duration sendTimeout,
      Duration decisionTimeout,
      BodyCompression compression) {
    Arguments.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Arguments.atLeast(Duration.ofMillis(1), decisionTimeout, "decisionTimeout");
    this.cluster = parts.cluster();
    this.sender = parts.sender();
    this.ids = parts.ids();
    this.group = group;
    this.sendTimeout = sendTimeout;
    this.escrow = new GroupEscrow(parts, group, sendTimeout, compression, 1);
    this.capabilities = new Capabilities(
        escrow.reports(), group, "messages in transactions of a transaction manager");
    this.brokers = new BrokerChoice(sender, cluster.routes());
    this.endings = new Endings(cluster, escrow.reports(), group, decisionTimeout);
    this.plain = new MessageEncoder(group, compression);
  }

  /**
   * Joins the group.
   *
   * @throws IllegalStateException when this client answers for the group otherwise
   */
  public void start() {
    escrow.open(half -> TransactionOutcome.UNKNOWN); // only its manager knows
  }

  public String newMessageId() {
    return ids.next();
  }

  /** Begins to store the half-messages of the transaction of this name, to these topics. */
  public PendingHalves store(String name, Collection<String> topics) {
    return new PendingHalves(
        name,
        new Halves(
            escrow.halves(),
            capabilities,
            Map.of(PropertyNames.ESCROW_TRANSACTION, name, PropertyNames.ESCROW_PREPARED, "true"),
            brokers.next(topics)));
  }

  /** The half-messages of one transaction on their way. One thread. */
  public final class PendingHalves {

    private final String name;
    private final Halves halves;

    private PendingHalves(String name, Halves halves) {
      this.name = name;
      this.halves = halves;
    }

    public void send(Message message, String messageId) {
      CompletionStage<?> unused = halves.send(message, messageId);
    }

    /** Waits until all are stored, and says where; throws the first failure. */
    public List<Part> await() {
      cluster.waiting().forResultOf(halves.stored());
      return halves.parts();
    }

    /** Drops, in the background, what is stored; what cannot be reached is found by a scan. */
    public void rollBack() {
      halves
          .ended()
          .thenRun(() -> endings.tellNow(name, TransactionOutcome.ROLLBACK, halves.parts()));
    }
  }

  /** Sends a message that needs no escrow: visible at once. */
  public void send(Message message, String messageId) {
    Placement unused = cluster
        .waiting()
        .forResultOf(sender.send(
            plain.encode(message, messageId, "", 0, cluster.timer().millis()),
            cluster.timer().nanoTime() + sendTimeout.toNanos(),
            RETRIES));
  }

  /** Tells all of these brokers at the same time; each result is waited for by itself. */
  public List<PendingAnswer> tell(String name, TransactionOutcome outcome, List<Part> told) {
    return told.stream()
        .map(part -> new PendingAnswer(endings.tell(part, name, outcome)))
        .toList();
  }

  /** What one broker will say. */
  public final class PendingAnswer {

    private final CompletionStage<BrokerAnswer> stage;

    private PendingAnswer(CompletionStage<BrokerAnswer> stage) {
      this.stage = stage;
    }

    /** Waits for it; throws what kept the broker from saying anything. */
    public BrokerAnswer await() {
      return cluster.waiting().forResultOf(stage);
    }
  }

  /** All masters there are now, as if each might have a part of the transaction. */
  public List<Part> everyBroker() {
    cluster.waiting().forResultOf(cluster.routes().findCluster());
    List<Part> all = new ArrayList<>();
    cluster
        .routes()
        .masters()
        .forEach((name, address) -> all.add(new Part(name, address, 0, OptionalLong.empty())));
    return all;
  }

  /** The names of what is prepared on any broker; fails unless all of them can be asked. */
  public List<String> prepared() {
    List<String> names = new ArrayList<>();
    for (Part broker : everyBroker()) {
      OptionalLong after = OptionalLong.of(ListTransactionsHeader.FROM_THE_START);
      while (after.isPresent()) {
        after = addPage(broker.address(), after.getAsLong(), names);
      }
    }
    return names;
  }

  /** What the next page begins after, if there may be one. */
  private OptionalLong addPage(String address, long after, List<String> names) {
    String what = "asking which messages are prepared in transactions of a transaction manager";
    ListTransactionsHeader header =
        new ListTransactionsHeader(group, 0, false, after, ListTransactionsHeader.MOST);
    Answer answer = cluster
        .waiting()
        .forResultOf(cluster
            .network()
            .call(
                address,
                Request.of(RequestCode.LIST_TRANSACTIONS, header),
                cluster.requestTimeout())
            .exceptionally(failure -> {
              throw Failures.lost(what, address, failure);
            }));
    if (!answer.isOk()) {
      EscrowException refusal = Failures.refused(what, address, answer);
      throw refusal;
    }
    try {
      TransactionList page = TransactionList.read(answer.body());
      for (TransactionEntry entry : page.list()) {
        if (entry.transaction() != null && entry.state() == TransactionEntry.State.PREPARED) {
          names.add(entry.transaction());
        }
      }
      return page.next(after);
    } catch (BadInputException e) {
      throw Failures.lost(what, address, e);
    }
  }

  @Override
  public void close() {
    endings.await(sendTimeout);
    escrow.close();
  }
}
