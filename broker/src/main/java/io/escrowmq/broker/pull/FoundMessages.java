package io.escrowmq.broker.pull;

import io.escrowmq.broker.filter.SqlFilter;
import io.escrowmq.broker.filter.Work;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages found in the log, on their way into an answer: copied once, from the mapped log straight
 * into the outgoing buffer. Keeps their segments until it is released. One event loop at a time.
 */
final class FoundMessages implements Body {

  private final LogReader reader;
  private final @Nullable SqlFilter filter;
  private final MessageView view = new MessageView(); // the message that is judged
  private final Work work = new Work(); // of judging
  private ByteBuffer[] messages;
  private RecordKind[] kinds;
  private long[] facts; // position, queue offset, store time, for each message
  private int count;
  private int length;

  /**
   * @param expected a guess at how many there will be
   * @param filter leaves out what it does not match; null keeps everything
   */
  FoundMessages(LogReader reader, int expected, @Nullable SqlFilter filter) {
    this.reader = reader;
    this.filter = filter;
    this.messages = new ByteBuffer[expected];
    this.kinds = new RecordKind[expected];
    this.facts = new long[expected * 3];
  }

  /**
   * Adds the message at a position if it is wanted; one that retention has deleted is left out silently.
   *
   * @param mostBytes of a message that an answer can carry
   * @return false when the message has more
   * @throws StorageException when it cannot be read
   */
  boolean add(long position, long queueOffset, long storeTimeMillis, int mostBytes) {
    LogRecord record = reader.read(position);
    if (record == null) {
      return true;
    }
    int at = StoredMessages.messageAt(record);
    if (at < 0) {
      throw new IllegalStateException("no message lies at " + position);
    }
    ByteBuffer payload = record.payload();
    if (filter != null && !filter.matches(view.wrap(payload, at), work)) {
      return true;
    }
    if (payload.limit() - at > mostBytes) {
      return false;
    }
    keep(
        payload.slice(at, payload.limit() - at),
        record.kind(),
        position,
        queueOffset,
        storeTimeMillis);
    return true;
  }

  /** Whether the record at a position, which has this length, is damaged alone. */
  boolean isDamagedAlone(long position, int recordLength) {
    return reader.isDamagedAlone(position, recordLength);
  }

  int count() {
    return count;
  }

  /** How much the filter has done so far. */
  long workDone() {
    return work.done();
  }

  private void keep(
      ByteBuffer message, RecordKind kind, long position, long queueOffset, long timeMillis) {
    if (count == messages.length) {
      messages = Arrays.copyOf(messages, count * 2);
      kinds = Arrays.copyOf(kinds, count * 2);
      facts = Arrays.copyOf(facts, count * 6);
    }
    messages[count] = message;
    kinds[count] = kind;
    facts[count * 3] = position;
    facts[count * 3 + 1] = queueOffset;
    facts[count * 3 + 2] = timeMillis;
    count++;
    length += message.remaining();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void writeTo(ByteBuffer target) {
    for (int i = 0; i < count; i++) {
      StoredMessages.copy(
          kinds[i], messages[i], target, facts[i * 3], facts[i * 3 + 1], facts[i * 3 + 2]);
    }
  }

  @Override
  public void release() {
    reader.close();
  }
}
