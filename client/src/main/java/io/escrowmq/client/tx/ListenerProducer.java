package io.escrowmq.client.tx;

import io.escrowmq.client.DecidedOtherwiseException;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.InFlight;
import io.escrowmq.client.send.Placement;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.UniqueIds;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer whose local transactions a listener runs and remembers. Any thread. */
public final class ListenerProducer implements TransactionalProducer, Checker {

  private static final Logger LOG = LoggerFactory.getLogger(ListenerProducer.class);

  private final Cluster cluster;
  private final UniqueIds ids;
  private final ListenerSettings settings;
  private final TransactionListener listener;
  private final GroupEscrow escrow;
  private final Consumer<AutoCloseable> onClose;
  private final InFlight unconfirmed; // reports, each of them 1
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param onClose told once, when this is closed
   */
  public ListenerProducer(
      ClientParts parts,
      ListenerSettings settings,
      TransactionListener listener,
      Consumer<AutoCloseable> onClose) {
    this.cluster = parts.cluster();
    this.ids = parts.ids();
    this.settings = settings;
    this.listener = listener;
    this.escrow = new GroupEscrow(
        parts,
        settings.group(),
        settings.sendTimeout(),
        settings.compression(),
        settings.checkThreads());
    this.unconfirmed = new InFlight(Long.MAX_VALUE, cluster.loops(), cluster.timer());
    this.onClose = onClose;
  }

  /** Joins the group. */
  public void start() {
    escrow.open(this);
  }

  @Override
  public TransactionReceipt send(Message message, @Nullable Object argument) {
    cluster.waiting().checkThread();
    if (closed.get()) {
      throw Failures.closed("the transactional producer of " + settings.group());
    }
    String messageId = ids.next();
    Placement half =
        cluster.waiting().forResultOf(escrow.halves().send(message, messageId, Map.of(), Set.of()));
    TransactionOutcome outcome = listener.execute(message, messageId, argument);
    CompletionStage<Boolean> confirmation = outcome == TransactionOutcome.UNKNOWN
        ? CompletableFuture.completedFuture(false)
        : report(message.topic(), messageId, half, outcome);
    return new TransactionReceipt(half.receipt(messageId), outcome, confirmation);
  }

  /** Tells the broker, once: RocketMQ's own broker may take a second report for another one. */
  private CompletionStage<Boolean> report(
      String topic, String messageId, Placement half, TransactionOutcome outcome) {
    MessageId location = MessageId.parse(half.locations());
    if (location == null) {
      LOG.warn(
          "{} gave the id '{}', which is none; it has to ask", half.broker(), half.locations());
      return CompletableFuture.completedFuture(false);
    }
    EndTransactionHeader header = new EndTransactionHeader(
        settings.group(),
        half.queueOffset(),
        location.position(),
        Reports.flags(outcome),
        false,
        messageId,
        messageId,
        topic);
    unconfirmed.take(1);
    CompletableFuture<Boolean> confirmation = new CompletableFuture<>();
    escrow.reports().end(half.broker(), header).whenComplete((told, failure) -> {
      if (failure != null) {
        LOG.warn(
            "{} was not told how {} ended; it will ask: {}",
            half.broker(),
            messageId,
            Failures.unwrapped(failure).getMessage());
        confirmation.complete(false);
      } else if (told instanceof BrokerAnswer.Contradiction contrary) {
        confirmation.completeExceptionally(contradiction(messageId, outcome, contrary));
      } else {
        confirmation.complete(told instanceof BrokerAnswer.Agreement);
      }
      unconfirmed.release(1);
    });
    return confirmation;
  }

  private static DecidedOtherwiseException contradiction(
      String messageId, TransactionOutcome outcome, BrokerAnswer.Contradiction contrary) {
    DecidedOtherwiseException contradiction = new DecidedOtherwiseException(
        "the half-message " + messageId + " should be " + outcome + ", but says "
            + contrary.broker() + ": " + contrary.remark(),
        contrary.broker(),
        contrary.decision(),
        contrary.by(),
        contrary.at());
    LOG.error("local transaction and message disagree", contradiction);
    return contradiction;
  }

  @Override
  public TransactionOutcome check(MessageView half) {
    Map<String, String> properties = Properties.parse(half.properties());
    byte[] body = new byte[half.bodyLength()];
    half.body().get(body);
    return listener.check(new HalfMessage(
        half.topic(),
        properties.getOrDefault(PropertyNames.UNIQUE_KEY, ""),
        Map.copyOf(properties),
        Compressor.expand(half.sysFlag(), body),
        Instant.ofEpochMilli(half.bornTimestamp())));
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!unconfirmed.awaitNone(cluster.requestTimeout().toNanos())) {
        LOG.warn("{} was closed before all brokers had confirmed", settings.group());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // an interrupt asks for a quick end
    }
    escrow.close();
    onClose.accept(this);
  }
}
