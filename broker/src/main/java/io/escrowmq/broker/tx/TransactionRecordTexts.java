package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.broker.edge.DecisionWords;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import io.escrowmq.tx.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the records of transactions say, for people. Pure. */
public final class TransactionRecordTexts {

  private TransactionRecordTexts() {}

  /** A HALF record. */
  public static RecordText ofHalf(LogRecord record, MessageView message) {
    HalfRecord half = HalfRecord.of(record);
    String transaction = half.terms().transaction();
    String what = switch (half.what()) {
      case FIRST -> "half-message" + (transaction == null ? "" : " of transaction " + transaction);
      case JOINS -> "half-message that joins the transaction of half-message " + half.other();
      case MOVED -> "half-message " + half.other() + ", recorded again";
    };
    return new RecordText(
        what + ", of group " + half.terms().group() + ", for " + RecordText.inWords(message)
            + ", stored at " + Instant.ofEpochMilli(message.storeTimestamp()),
        List.of(message.topic()),
        half.what() == HalfRecord.What.FIRST ? List.of() : List.of(half.other()));
  }

  /** A DECISION record. */
  public static RecordText ofDecision(LogRecord record) {
    DecisionRecord decided = DecisionRecord.of(record);
    List<String> topics = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    for (DecisionRecord.Part part : decided.parts()) {
      positions.add(part.id());
      if (part.release() != null) {
        topics.add(part.release().topic());
        positions.add(part.release().position());
      } else if (part.dueMillis() > 0) {
        positions.add(part.position());
      }
    }
    String who = decided.who().isEmpty() ? "" : " (" + decided.who() + ": " + decided.why() + ")";
    String verdict = decided.decision().verdict() == Verdict.COMMIT ? "commit" : "roll back";
    return new RecordText(
        verdict + ": " + DecisionWords.of(decided.decision()) + who + "; "
            + RecordText.list(decided.parts(), TransactionRecordTexts::inWords),
        topics,
        positions);
  }

  private static String inWords(DecisionRecord.Part part) {
    if (part.release() != null) {
      return "half-message " + part.id() + " becomes offset " + part.release().queueOffset()
          + " of " + part.release().topic() + "/" + part.release().queueId();
    }
    return part.dueMillis() > 0
        ? "half-message " + part.id() + " is due at " + Instant.ofEpochMilli(part.dueMillis())
        : "half-message " + part.id() + " is dropped";
  }

  /** A CHECK record. */
  public static RecordText ofCheck(LogRecord record) {
    CheckRecord check = CheckRecord.of(record);
    List<Long> ids = check.entries().stream().map(CheckRecord.Entry::id).toList();
    String what = switch (check.what()) {
      case ASKED -> "producers are asked about half-messages ";
      case SUSPENDED -> "nobody is asked any more about half-messages ";
      case RESUMED -> "checks begin anew for half-messages ";
    };
    return new RecordText(what + RecordText.list(ids, String::valueOf), List.of(), ids);
  }
}
