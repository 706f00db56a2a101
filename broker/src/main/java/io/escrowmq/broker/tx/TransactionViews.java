package io.escrowmq.broker.tx;

import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.Verdict;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions as people see them: what the coordinator knows, and what the log says of it. Any thread. */
final class TransactionViews {

  /** What a half-message's own bytes say. */
  private record Content(
      String group,
      long recordedMillis,
      String client,
      @Nullable String transaction,
      TransactionEntry.Half half) {}

  private final CommitLog log;
  private final String idPrefix;

  TransactionViews(CommitLog log, InetSocketAddress storeHost) {
    this.log = log;
    this.idPrefix = MessageId.prefix(storeHost);
  }

  TransactionEntry open(OpenTransaction open) {
    List<Content> contents = contents(open.halves());
    return new TransactionEntry(
        open.id(),
        MessageId.of(idPrefix, open.id()),
        open.name(),
        open.group(),
        state(open),
        open.recordedMillis(),
        open.checks(),
        open.isPrepared() ? 0 : open.nextCheckMillis(),
        contents.isEmpty() ? "" : contents.get(0).client(),
        contents.stream().map(Content::half).toList(),
        null);
  }

  private static TransactionEntry.State state(OpenTransaction open) {
    if (open.isPrepared()) {
      return TransactionEntry.State.PREPARED;
    }
    return open.suspended() ? TransactionEntry.State.SUSPENDED : TransactionEntry.State.IN_DOUBT;
  }

  /** What a decision about a transaction left behind; retention may have taken the messages. */
  TransactionEntry decided(DecisionRecord decided) {
    Decision decision = decided.decision();
    List<StoredHalf> halves = decided.parts().stream()
        .map(
            part -> new StoredHalf(part.id(), part.position() > 0 ? part.position() : part.id(), 0))
        .toList();
    List<Content> contents = contents(halves);
    Content first = contents.isEmpty() ? null : contents.get(0);
    boolean committed = decision.verdict() == Verdict.COMMIT;
    return new TransactionEntry(
        decision.id(),
        MessageId.of(idPrefix, decision.id()),
        first == null ? null : first.transaction(),
        first == null ? "" : first.group(),
        committed ? TransactionEntry.State.COMMITTED : TransactionEntry.State.ROLLED_BACK,
        first == null ? 0 : first.recordedMillis(),
        0,
        0,
        first == null ? "" : first.client(),
        contents.stream().map(Content::half).toList(),
        new TransactionEntry.Verdict(
            decision.verdict().name(),
            decision.by().name(),
            decision.timeMillis(),
            decided.who().isEmpty() ? null : decided.who(),
            decided.why().isEmpty() ? null : decided.why()));
  }

  private List<Content> contents(List<StoredHalf> halves) {
    List<Content> contents = new ArrayList<>(halves.size());
    try (LogReader reader = log.newReader()) {
      for (StoredHalf half : halves) {
        Content content = content(reader, half);
        if (content != null) {
          contents.add(content);
        }
      }
    }
    return contents;
  }

  private @Nullable Content content(LogReader reader, StoredHalf half) {
    try {
      LogRecord record = reader.read(half.position());
      if (record == null || record.kind() != RecordKind.HALF) {
        return null;
      }
      MessageView view = new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
      InetSocketAddress born = view.bornHost();
      HalfTerms terms = HalfRecord.of(record).terms();
      return new Content(
          terms.group(),
          view.storeTimestamp(),
          born.getAddress().getHostAddress() + ":" + born.getPort(),
          terms.transaction(),
          new TransactionEntry.Half(
              MessageId.of(idPrefix, half.id()),
              view.topic(),
              view.queueId(),
              view.property(PropertyNames.UNIQUE_KEY),
              view.property(PropertyNames.KEYS),
              view.property(PropertyNames.TAGS),
              record.recordLength()));
    } catch (StorageException e) {
      return null; // damaged: the rest can be shown
    }
  }
}
