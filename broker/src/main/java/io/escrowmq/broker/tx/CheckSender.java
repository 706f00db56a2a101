package io.escrowmq.broker.tx;

import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Effect;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends checks to producers: an effect, so it may get lost; the next check comes anyway. Takes
 * questions from any thread; a loop of its own, because it reads old parts of the log.
 */
final class CheckSender implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(CheckSender.class);

  private static final int MOST_WAITING =
      100_000; // questions; more are dropped, and asked next time
  private static final int QUESTIONS_A_TURN = 256;

  private final CommitLog log;
  private final Producers producers;
  private final TransactionMetrics metrics;
  private final InetSocketAddress storeHost;
  private final BlockingQueue<Effect.Ask> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private boolean failing; // some could not be read in the last turn; owner: this loop
  private final Wakeup wakeup;

  /** @param wakeup wakes the worker that turns this loop */
  CheckSender(
      CommitLog log,
      Producers producers,
      TransactionMetrics metrics,
      InetSocketAddress storeHost,
      Wakeup wakeup) {
    this.log = log;
    this.producers = producers;
    this.metrics = metrics;
    this.storeHost = storeHost;
    this.wakeup = wakeup;
  }

  /** Hands over questions whose asking is recorded. */
  void ask(List<Effect.Ask> questions) {
    for (Effect.Ask question : questions) {
      waiting.offer(question);
    }
    wakeup.wake();
  }

  @Override
  public int turn() {
    List<Effect.Ask> unreadable = new ArrayList<>();
    int sent = 0;
    try (LogReader reader = log.newReader()) {
      for (int i = 0; i < QUESTIONS_A_TURN; i++) {
        Effect.Ask question = waiting.poll();
        if (question == null) {
          break;
        }
        if (isDone(reader, question, unreadable.isEmpty())) {
          sent++;
        } else {
          unreadable.add(question);
        }
      }
    }
    unreadable.forEach(waiting::offer);
    failing = !unreadable.isEmpty();
    return sent;
  }

  /** False after a failed read: a disk that fails is tried again when the thread looks next. */
  @Override
  public boolean hasWork() {
    return !failing && !waiting.isEmpty();
  }

  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }

  // False when the half-message cannot be read now.
  private boolean isDone(LogReader reader, Effect.Ask question, boolean isFirstFailure) {
    try {
      LogRecord record = reader.read(question.position());
      if (record == null) {
        return true; // recorded again elsewhere a moment ago
      }
      HalfRecord half = HalfRecord.of(record);
      MessageView message =
          MessageView.of(record.payload().position(StoredMessages.messageAt(record)));
      Connection producer =
          producers.choose(question.group(), half.client(), message.topic(), question.check());
      if (producer == null) {
        metrics.unanswerable();
        return true;
      }
      producer.notify(request(question, half, message));
      metrics.checkSent();
      return true;
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CORRUPT) {
        LOG.error("nobody can be asked about the half-message {}", question.id(), e);
        return true;
      }
      if (isFirstFailure) { // one line a turn
        LOG.warn("a producer is asked later about the half-message {}", question.id(), e);
      }
      return false;
    } catch (RuntimeException e) { // this question's own; the others are asked
      LOG.error("nobody can be asked about the half-message {}", question.id(), e);
      return true;
    }
  }

  private Request request(Effect.Ask question, HalfRecord half, MessageView message) {
    String uniqueKey = message.property(PropertyNames.UNIQUE_KEY);
    CheckTransactionHeader header = new CheckTransactionHeader(
        0,
        question.id(),
        uniqueKey,
        uniqueKey,
        new MessageId(storeHost, question.id()).text(),
        message.topic());
    return new Request(
        RequestCode.CHECK_TRANSACTION_STATE, header, Body.of(asked(question, half, message)));
  }

  /** The half-message as its producer sent it, and the number of the check. */
  private static byte[] asked(Effect.Ask question, HalfRecord half, MessageView message) {
    String whole = message.properties() + half.control();
    String numbered = Properties.appended(
        whole, PropertyNames.TRANSACTION_CHECK_TIMES, Integer.toString(question.check()));
    String properties = fits(numbered) ? numbered : fits(whole) ? whole : message.properties();
    byte[] bytes = MessageCodec.encode(new NewMessage(
        message.topic(),
        message.queueId(),
        message.flag(),
        SysFlags.withTransaction(message.sysFlag(), SysFlags.TRANSACTION_NONE),
        message.bornTimestamp(),
        message.bornHost(),
        message.storeHost(),
        message.reconsumeTimes(),
        0,
        message.body(),
        properties));
    MessageCodec.stamp(bytes, 0, question.id(), message.storeTimestamp());
    return bytes;
  }

  private static boolean fits(String properties) {
    return Properties.byteLength(properties) <= Properties.MAX_BYTES;
  }
}
