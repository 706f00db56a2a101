package io.escrowmq.broker.core;

import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import java.util.Arrays;

/**
 * Which views apply which kind of record, in the order in which they were registered. Filled while a
 * core is put together; from then on for the log loop alone.
 */
public final class Appliers {

  /** Applies a record that holds a message. Both are valid during the call only. */
  @FunctionalInterface
  public interface OfMessages {

    void apply(LogRecord record, MessageView message);
  }

  private static final int KINDS = RecordKind.values().length + 1;

  private final Applier[][] ofRecords = new Applier[KINDS][0];
  private final OfMessages[][] ofMessages = new OfMessages[KINDS][0];
  private final MessageView message = new MessageView(); // all look at a message through this one

  public void on(RecordKind kind, Applier applier) {
    ofRecords[kind.number()] = with(ofRecords[kind.number()], applier);
  }

  /** For kinds of records that hold a message; after those that look at the record alone. */
  public void onMessage(OfMessages applier, RecordKind... kinds) {
    for (RecordKind kind : kinds) {
      ofMessages[kind.number()] = with(ofMessages[kind.number()], applier);
    }
  }

  /** Fails when there is a kind of record that nothing applies. */
  public void requireAllKinds() {
    for (RecordKind kind : RecordKind.values()) {
      if (ofRecords[kind.number()].length + ofMessages[kind.number()].length == 0) {
        throw new IllegalStateException("no feature applies records of kind " + kind);
      }
    }
  }

  public void apply(LogRecord record) {
    int kind = record.kind().number();
    OfMessages[] messages = ofMessages[kind];
    if (messages.length > 0) {
      message.wrap(record.payload(), StoredMessages.messageAt(record));
    }
    for (Applier applier : ofRecords[kind]) {
      applier.apply(record);
    }
    for (OfMessages applier : messages) {
      applier.apply(record, message);
    }
  }

  private static <T> T[] with(T[] some, T one) {
    T[] more = Arrays.copyOf(some, some.length + 1);
    more[some.length] = one;
    return more;
  }
}
