package io.escrowmq.client.send;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.Producer;
import io.escrowmq.client.Reply;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Presence;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer of one group. Any thread. */
public final class GroupProducer implements Producer {

  private static final Logger LOG = LoggerFactory.getLogger(GroupProducer.class);

  private static final Duration LONGEST_REQUEST = Duration.ofDays(1);

  private final ProducerSettings settings;
  private final Sender sender;
  private final Timer timer;
  private final Presence presence;
  private final BlockingCalls waiting;
  private final UniqueIds ids;
  private final OpenRequests openRequests;
  private final Consumer<AutoCloseable> onClose;
  private final MessageEncoder encoder;
  private final InFlight inFlight;
  private final SpareArrays spare = new SpareArrays();
  private final @Nullable Batcher batcher; // null when messages do not wait for each other
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param onClose told once, when this is closed
   */
  public GroupProducer(
      ClientParts client, ProducerSettings settings, Consumer<AutoCloseable> onClose) {
    this.settings = settings;
    this.sender = client.sender();
    this.timer = client.cluster().timer();
    this.presence = client.cluster().presence();
    this.waiting = client.cluster().waiting();
    this.ids = client.ids();
    this.openRequests = client.openRequests();
    this.onClose = onClose;
    this.encoder = new MessageEncoder(settings.group(), settings.compression());
    this.inFlight = new InFlight(settings.maxInFlightBytes(), client.cluster().loops(), timer);
    this.batcher = settings.linger().isZero()
        ? null
        : new Batcher(
            settings.group(),
            timer,
            client.cluster().routes(),
            ids,
            spare,
            settings.linger(),
            settings.batchBytes(),
            this::sendOpenBatch);
  }

  /** Joins the group. */
  public void start() {
    presence.addProducer(settings.group());
  }

  @Override
  public SendReceipt send(Message message) {
    waiting.checkThread();
    checkOpen();
    long deadline = deadline();
    long bytes = takeRoom(sizeOf(message), deadline);
    return waiting.forResultOf(sendWithRoom(message, bytes, () -> deadline));
  }

  @Override
  public CompletionStage<SendReceipt> sendAsync(Message message) {
    try {
      checkOpen();
      long bytes = sizeOf(message);
      inFlight.take(bytes);
      return sendWithRoom(message, bytes, this::deadline);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  // The deadline is asked for when the message goes alone; a batch takes its own when it leaves.
  private CompletionStage<SendReceipt> sendWithRoom(
      Message message, long bytes, LongSupplier deadline) {
    try {
      Batcher lingering = batcher;
      if (lingering != null && mayLinger(message, lingering)) {
        CompletionStage<SendReceipt> receipt = lingering.add(message, bytes);
        if (closed.get()) {
          lingering.flush(); // closing may have done that a moment too early for this one
        }
        return receipt; // its room is given back with the batch
      }
      long now = timer.millis();
      String id = ids.next(now);
      Outbound outbound = encoder.encode(message, id, "", 0, now);
      // completed by hand: callbacks shall see the exception itself, not one around it
      CompletableFuture<SendReceipt> receipt = new CompletableFuture<>();
      sender
          .send(outbound, deadline.getAsLong(), settings.retries())
          .whenComplete((placed, failure) -> {
            inFlight.release(bytes);
            if (failure == null) {
              receipt.complete(placed.receipt(id));
            } else {
              receipt.completeExceptionally(failure);
            }
          });
      return receipt;
    } catch (RuntimeException e) {
      inFlight.release(bytes);
      throw e;
    }
  }

  private boolean mayLinger(Message message, Batcher lingering) {
    return !message.isDelayed()
        && message.body().length < settings.batchBytes()
        && lingering.knowsWayOf(message);
  }

  private void sendOpenBatch(OpenBatch batch) {
    MessageBatch messages = batch.messages();
    CompletionStage<Placement> sent;
    try {
      sent = sender.send(messages.outbound(), deadline(), settings.retries());
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    sent.whenComplete((placed, failure) -> {
      inFlight.release(messages.room());
      if (placed != null) {
        messages.sent(placed);
      }
      batch.settle(placed, failure);
    });
  }

  @Override
  public void sendOneWay(Message message) {
    checkOpen();
    long now = timer.millis();
    sender.sendOneWay(encoder.encode(message, ids.next(now), "", 0, now));
  }

  @Override
  public Reply request(Message message, Duration timeout) {
    waiting.checkThread();
    return waiting.forResultOf(requestAsync(message, timeout));
  }

  @Override
  public CompletionStage<Reply> requestAsync(Message message, Duration timeout) {
    Objects.requireNonNull(message, "the message is null");
    long millis = Objects.requireNonNull(timeout, "the timeout is null").toMillis();
    if (millis < 1 || millis > LONGEST_REQUEST.toMillis()) {
      throw new IllegalArgumentException("a request's timeout is " + timeout + ", 1 ms to "
          + LONGEST_REQUEST.toDays() + " day is possible");
    }
    try {
      checkOpen();
      long deadline = Math.min(deadline(), timer.nanoTime() + timeout.toNanos());
      return openRequests.ask(
          message.topic(), timeout, properties -> sendRequest(message, properties, deadline));
    } catch (EscrowException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Placement> sendRequest(
      Message message, String properties, long deadline) {
    long now = timer.millis();
    Outbound outbound = encoder.encode(message, ids.next(now), properties, 0, now);
    return sendInRoom(outbound, sizeOf(message), deadline);
  }

  private CompletionStage<Placement> sendInRoom(Outbound outbound, long bytes, long deadline) {
    inFlight.take(bytes);
    return sender
        .send(outbound, deadline, settings.retries())
        .whenComplete((placed, failure) -> inFlight.release(bytes));
  }

  @Override
  public void reply(Delivery request, byte[] body) {
    waiting.checkThread();
    waiting.forResultOf(replyAsync(request, body));
  }

  @Override
  public CompletionStage<Void> replyAsync(Delivery request, byte[] body) {
    Objects.requireNonNull(request, "the request is null");
    Objects.requireNonNull(body, "the body is null");
    try {
      checkOpen();
      Outbound outbound = Replies.outbound(request, body, encoder, ids, timer.millis());
      CompletableFuture<Void> done = new CompletableFuture<>();
      sendInRoom(outbound, body.length + 128L, deadline()).whenComplete((placed, failure) -> {
        if (failure == null) {
          done.complete(null);
        } else {
          done.completeExceptionally(Replies.meaning(Failures.unwrapped(failure)));
        }
      });
      return done;
    } catch (EscrowException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public List<SendReceipt> sendBatch(List<Message> messages) {
    waiting.checkThread();
    checkOpen();
    long deadline = deadline();
    MessageBatch batch = batchOf(messages);
    takeRoom(batch.room(), deadline);
    return waiting.forResultOf(sendBatchWithRoom(batch, deadline));
  }

  @Override
  public CompletionStage<List<SendReceipt>> sendBatchAsync(List<Message> messages) {
    try {
      checkOpen();
      MessageBatch batch = batchOf(messages);
      inFlight.take(batch.room());
      return sendBatchWithRoom(batch, deadline());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<List<SendReceipt>> sendBatchWithRoom(MessageBatch batch, long deadline) {
    CompletableFuture<List<SendReceipt>> receipts = new CompletableFuture<>();
    sender.send(batch.outbound(), deadline, settings.retries()).whenComplete((placed, failure) -> {
      inFlight.release(batch.room());
      try {
        if (failure != null) {
          receipts.completeExceptionally(failure);
        } else {
          batch.sent(placed);
          receipts.complete(receiptsOf(batch, placed));
        }
      } catch (EscrowException strange) {
        receipts.completeExceptionally(strange);
      }
    });
    return receipts;
  }

  private static List<SendReceipt> receiptsOf(MessageBatch batch, Placement placed) {
    List<SendReceipt> receipts = new ArrayList<>(batch.count());
    batch.receipts(placed, receipts::add);
    return receipts;
  }

  private MessageBatch batchOf(List<Message> messages) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a batch needs at least one message");
    }
    Message first = messages.get(0);
    long bodies = messages.stream().mapToLong(GroupProducer::sizeOf).sum();
    MessageBatch batch = new MessageBatch(
        settings.group(),
        first.topic(),
        first.orderingKey(),
        new BatchBody(spare, Math.toIntExact(bodies)),
        timer.millis(),
        ids);
    for (Message message : messages) {
      if (!message.topic().equals(first.topic())
          || !Objects.equals(message.orderingKey(), first.orderingKey())) {
        throw new IllegalArgumentException("a batch has one topic and one ordering key; " + message
            + " does not go with " + first);
      }
      if (message.isDelayed()) {
        throw new MessageRefusedException(
            "a delayed message cannot be in a batch; send it by itself", null, null);
      }
      batch.add(message, sizeOf(message));
    }
    return batch;
  }

  /** What a message takes of the room, roughly; computed without encoding it. */
  private static long sizeOf(Message message) {
    return message.body().length + 128L;
  }

  private long takeRoom(long bytes, long deadline) {
    try {
      inFlight.take(bytes, deadline);
      return bytes;
    } catch (InterruptedException e) {
      throw BlockingCalls.interrupted(e);
    }
  }

  private long deadline() {
    return timer.nanoTime() + settings.sendTimeout().toNanos();
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Failures.closed("the producer of " + settings.group());
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (batcher != null) {
      batcher.flush();
    }
    try {
      if (!inFlight.awaitNone(settings.sendTimeout().toNanos())) {
        LOG.warn("the producer of {} was closed with messages under way", settings.group());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // an interrupt asks for a quick end
    }
    presence.removeProducer(settings.group());
    onClose.accept(this);
  }
}
