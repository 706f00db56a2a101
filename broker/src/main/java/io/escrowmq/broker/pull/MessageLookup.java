package io.escrowmq.broker.pull;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Rights;
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

/**
 * Finds single messages: by position (the id that the broker gave), by key, by unique key. Questions throw
 * {@link RefusedException}. Any thread.
 */
public final class MessageLookup {

  private static final Logger LOG = LoggerFactory.getLogger(MessageLookup.class);

  private static final int MOST_FOUND = 64; // as RocketMQ's brokers; tools ask for no more
  private static final int MOST_BY_UNIQUE_KEY = 32;
  private static final int MOST_BYTES = 8 << 20; // of one answer

  /** What is looked for; times are store times. */
  record KeyQuery(
      String topic, String key, boolean unique, int most, long fromMillis, long toMillis) {}

  /** Messages one behind the other, as their consumers see them; never none. */
  record Matches(byte[] messages, long newestMillis, long newestPosition) {}

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

  /**
   * The message at a position as its consumers see it.
   *
   * @param rights to look at messages of its topic
   */
  byte[] byPosition(long position, Rights rights) {
    byte[] message;
    try {
      message = at(position);
    } catch (StorageException e) {
      throw unreadable(e);
    }
    if (message == null || isOfDeletedTopic(message, position)) {
      throw new RefusedException(new Refusal.NoMessageAt(position, log.start(), log.visible()));
    }
    String forbidden = rights.refusalOfTopic(MessageView.of(message).topic());
    if (forbidden != null) {
      throw new RefusedException(new Refusal.NotPermitted(forbidden));
    }
    return message;
  }

  // It went with its topic, as queries by key and its queue say, though the log has it for a while.
  private boolean isOfDeletedTopic(byte[] bytes, long position) {
    return !topics.holds(MessageView.of(bytes).topic(), position);
  }

  /** The messages of a topic that have a key. */
  Matches byKey(KeyQuery wanted) {
    int most =
        wanted.unique() ? MOST_BY_UNIQUE_KEY : Math.max(1, Math.min(wanted.most(), MOST_FOUND));
    long hash = KeyIndex.hash(wanted.topic(), wanted.key());
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    long newestTime = 0;
    long newestPosition = 0;
    int count = 0;
    try (LogReader reader = log.newReader()) {
      long[] positions =
          keys.find(hash, wanted.fromMillis(), wanted.toMillis(), log.visible(), most);
      for (long position : positions) {
        if (!topics.holds(wanted.topic(), position)) {
          continue; // of a topic of this name that was deleted
        }
        for (byte[] message : madeVisibleBy(reader, position, hash)) {
          boolean tooMuch = found.size() > 0 && found.size() + message.length > MOST_BYTES;
          if (count == most || tooMuch || !isMeant(message, wanted)) {
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
      throw unreadable(e);
    }
    if (found.size() == 0) {
      throw new RefusedException(new Refusal.NoMessageWithKey(wanted.topic(), wanted.key()));
    }
    return new Matches(found.toByteArray(), newestTime, newestPosition);
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

  private static RefusedException unreadable(StorageException e) {
    return new RefusedException(new Refusal.LogUnreadable(String.valueOf(e.getMessage())));
  }

  // Two keys may share a hash.
  private static boolean isMeant(byte[] bytes, KeyQuery wanted) {
    MessageView message = MessageView.of(bytes);
    if (!message.topic().equals(wanted.topic())) {
      return false;
    }
    if (wanted.unique()) {
      return wanted.key().equals(message.property(PropertyNames.UNIQUE_KEY));
    }
    return Properties.splitKeys(message.property(PropertyNames.KEYS)).contains(wanted.key());
  }
}
