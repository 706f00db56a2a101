package io.escrowmq.broker.pull;

import io.escrowmq.broker.topic.TopicCatalog;
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
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.KeyIndex;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds single messages: by position (the id that the broker gave), by key, by unique key. */
public final class MessageLookup {

  private static final Logger LOG = LoggerFactory.getLogger(MessageLookup.class);

  private static final int MOST_FOUND = 64; // as RocketMQ's brokers; tools ask for no more
  private static final int MOST_BY_UNIQUE_KEY = 32;
  private static final int MOST_BYTES = 8 << 20; // of one answer

  private final CommitLog log;
  private final KeyIndex keys;
  private final VisibleMessages visible;
  private final TopicCatalog topics;

  public MessageLookup(CommitLog log, KeyIndex keys, TopicCatalog topics) {
    this.log = log;
    this.keys = keys;
    this.visible = new VisibleMessages(log, keys);
    this.topics = topics;
  }

  /**
   * The message at a position as its consumers see it; null when none is there that they may see.
   *
   * @throws StorageException when nobody can say now
   */
  public byte @Nullable [] at(long position) {
    return visible.at(position);
  }

  public void byPosition(Call call, ViewMessageHeader header) {
    byte[] message;
    try {
      message = at(header.position());
    } catch (StorageException e) {
      call.reply(unreadable(e));
      return;
    }
    if (message == null) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "no message that can be seen begins at " + header.position() + "; the log holds "
              + log.start() + " to " + log.visible()));
    } else {
      call.reply(Reply.ok(message));
    }
  }

  public void byKey(Call call, QueryMessageHeader header) {
    boolean unique = header.uniqueKey() || "U".equals(header.indexType());
    int most = unique ? MOST_BY_UNIQUE_KEY : Math.max(1, Math.min(header.most(), MOST_FOUND));
    long hash = KeyIndex.hash(header.topic(), header.key());
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    long newestTime = 0;
    long newestPosition = 0;
    int count = 0;
    try (LogReader reader = log.newReader()) {
      long[] positions =
          keys.find(hash, header.beginTimestamp(), header.endTimestamp(), log.visible(), most);
      for (long position : positions) {
        if (!topics.holds(header.topic(), position)) {
          continue; // of a topic of this name that was deleted
        }
        for (byte[] message : madeVisibleBy(reader, position, hash)) {
          boolean tooMuch = found.size() > 0 && found.size() + message.length > MOST_BYTES;
          if (count == most || tooMuch || !isMeant(message, header, unique)) {
            continue;
          }
          found.writeBytes(message);
          count++;
          if (position > newestPosition) {
            newestPosition = position;
            newestTime = MessageView.of(message).storeTimestamp();
          }
        }
      }
    } catch (StorageException e) {
      call.reply(unreadable(e));
      return;
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

  // One that is damaged is no reason to refuse the rest.
  private List<byte[]> madeVisibleBy(LogReader reader, long position, long hash) {
    try {
      return visible.madeVisibleBy(reader, position, hash);
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CORRUPT) {
        LOG.error("the message at {} is damaged and is not shown", position, e);
        return List.of();
      }
      throw e;
    }
  }

  private static Reply unreadable(StorageException e) {
    return Reply.refused(
        ResponseCode.SYSTEM_ERROR, "the log cannot be read now, try again: " + e.getMessage());
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
