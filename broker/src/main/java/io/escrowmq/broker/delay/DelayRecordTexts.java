package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** What the records of delayed messages say, for people. Pure. */
public final class DelayRecordTexts {

  private DelayRecordTexts() {}

  /** A DELAYED record. */
  public static RecordText ofDelayed(LogRecord record, MessageView message) {
    ByteBuffer payload = record.payload();
    Instant due = Instant.ofEpochMilli(payload.getLong());
    boolean isMoved = StoredMessages.isMovedDelayed(record);
    List<Long> from = isMoved ? List.of(payload.getLong()) : List.of();
    return new RecordText(
        "due at " + due + " in " + RecordText.inWords(message)
            + (isMoved ? ", recorded again; before it lay at " + from.get(0) : ""),
        List.of(message.topic()),
        from);
  }

  /** A DELIVERY record. */
  public static RecordText ofDelivery(LogRecord record) {
    Delivery delivery = Delivery.of(record.payload());
    Release release = delivery.release();
    String message = "the delayed message at " + delivery.position();
    String words = switch (delivery.what()) {
      case VISIBLE ->
        message + " becomes "
            + (release == null
                ? "visible"
                : "offset " + release.queueOffset() + " of " + release.topic() + "/"
                    + release.queueId());
      case TOPIC_GONE -> message + " is dropped: its topic is gone";
      case UNREADABLE -> message + " is dropped: it could not be read";
    };
    return new RecordText(
        words,
        release == null ? List.of() : List.of(release.topic()),
        List.of(delivery.position()));
  }
}
