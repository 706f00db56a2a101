package io.escrowmq.broker.pull;

import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.QueryMessageResponseHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.KeyIndex;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds single messages: by position (the id that the broker gave), by key, by unique key. */
public final class MessageLookup {

  private static final int MOST_FOUND = 256;
  private static final int MOST_BY_UNIQUE_KEY = 32;
  private static final int MOST_BYTES = 8 << 20; // of one answer

  private final CommitLog log;
  private final KeyIndex keys;

  public MessageLookup(CommitLog log, KeyIndex keys) {
    this.log = log;
    this.keys = keys;
  }

  /** The message as it was stored at a position; null when none begins there any more. */
  public byte @Nullable [] at(long position) {
    try (LogReader reader = log.newReader()) {
      return read(reader, position);
    } catch (StorageException e) {
      return null; // a made-up position looks like damage: it is not ours to report
    }
  }

  public void byPosition(Call call, ViewMessageHeader header) {
    byte[] message = at(header.position());
    if (message == null) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "no message begins at " + header.position() + "; the log holds " + log.start() + " to "
              + log.written()));
    } else {
      call.reply(Reply.ok(message));
    }
  }

  public void byKey(Call call, QueryMessageHeader header) {
    boolean unique = header.uniqueKey() || "U".equals(header.indexType());
    int most = unique ? MOST_BY_UNIQUE_KEY : Math.max(1, Math.min(header.most(), MOST_FOUND));
    long hash = KeyIndex.hash(header.topic(), header.key());
    long[] positions = keys.find(hash, header.beginTimestamp(), header.endTimestamp(), most);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    long newestTime = 0;
    long newestPosition = 0;
    try (LogReader reader = log.newReader()) {
      for (long position : positions) {
        byte[] message = read(reader, position);
        if (message == null || !isMeant(message, header, unique)) {
          continue;
        }
        if (found.size() > 0 && found.size() + message.length > MOST_BYTES) {
          break;
        }
        found.writeBytes(message);
        if (position > newestPosition) {
          newestPosition = position;
          newestTime = MessageView.of(message).storeTimestamp();
        }
      }
    }
    if (found.size() == 0) {
      call.reply(Reply.refused(
          ResponseCode.QUERY_NOT_FOUND,
          "no message of " + header.topic() + " has the key " + header.key() + " in that time"));
      return;
    }
    call.reply(Reply.ok(
        new QueryMessageResponseHeader(newestTime, newestPosition), Body.of(found.toByteArray())));
  }

  private byte @Nullable [] read(LogReader reader, long position) {
    if (position < 0 || position >= log.written()) {
      return null; // made up, or recorded a moment ago and not written yet
    }
    LogRecord record = reader.read(position);
    if (record == null) {
      return null;
    }
    int at = StoredMessages.messageAt(record);
    if (at < 0) {
      return null;
    }
    ByteBuffer payload = record.payload();
    byte[] message = new byte[payload.limit() - at];
    payload.get(at, message);
    return message;
  }

  // Two keys may share a hash.
  private static boolean isMeant(byte[] bytes, QueryMessageHeader header, boolean unique) {
    MessageView message = MessageView.of(bytes);
    if (!message.topic().equals(header.topic())) {
      return false;
    }
    if (unique) {
      return header.key().equals(message.property(PropertyNames.UNIQUE_KEY));
    }
    return Properties.splitKeys(message.property(PropertyNames.KEYS)).contains(header.key());
  }
}
