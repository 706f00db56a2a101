package io.escrowmq.broker.recent;

import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest messages of each topic by their unique keys, so that a send that is tried again is one
 * message. A view of the log like others: a second try is known also after a restart. Owner: the log
 * loop.
 *
 * <p>Remembered are the messages whose records say {@link StoredMessages#ONCE}.
 */
public final class RecentSends implements View {

  /**
   * Where the messages of an earlier send are.
   *
   * @param positions one a message; of half-messages only the first, which speaks for all
   * @param queueOffset of the first one; 0 of half-messages
   */
  public record EarlierSend(long[] positions, int messages, int queueId, long queueOffset) {}

  private final QueueViews queues;
  private final int keysOfTopic;
  private final long most;
  private final long salt;
  private final Map<String, KeyWindow> byTopic = new HashMap<>();
  // the topic that was last added to stands last; looked at by facts only, as looking changes it
  private final Map<String, KeyWindow> byUse = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes; // of all windows
  private long images; // that were begun
  private @Nullable SendsImage taking; // an image that is not whole

  /**
   * @param most bytes that all topics' windows take at most; the topic that was idle longest is
   *     forgotten first
   * @param salt of the keys' hashes, a secret
   */
  public RecentSends(QueueViews queues, int keysOfTopic, long most, long salt) {
    this.queues = queues;
    this.keysOfTopic = keysOfTopic;
    this.most = most;
    this.salt = salt;
  }

  // Questions

  /**
   * Where messages are that came together, if each of these keys is remembered; null otherwise.
   *
   * @param keys one a message, or those of the first and the last one
   */
  public @Nullable EarlierSend find(String topic, List<UniqueKey> keys, int messages) {
    KeyWindow window = byTopic.get(topic);
    long[] known = window == null ? null : positions(window, keys);
    if (window == null || known == null) {
      return null;
    }
    long first = window.find(keys.get(0));
    int queueId = window.queueId(first);
    long queueOffset = window.queueOffset(first);
    if (messages == known.length) {
      return new EarlierSend(known, messages, queueId, queueOffset);
    }
    // they stand in the queue together
    long[] all = queues.positions(topic, queueId, queueOffset, messages);
    if (all == null || all[0] != known[0] || all[messages - 1] != known[1]) {
      return null;
    }
    return new EarlierSend(all, messages, queueId, queueOffset);
  }

  /** The same for half-messages, of which the first one speaks for all. */
  @Nullable
  EarlierSend findHalves(String topic, List<UniqueKey> keys, int messages) {
    KeyWindow window = byTopic.get(topic);
    long[] known = window == null ? null : positions(window, keys);
    if (window == null || known == null) {
      return null;
    }
    int queueId = window.queueId(window.find(keys.get(0)));
    return new EarlierSend(new long[] {known[0]}, messages, queueId, 0);
  }

  private static long @Nullable [] positions(KeyWindow window, List<UniqueKey> keys) {
    long[] positions = new long[keys.size()];
    for (int i = 0; i < positions.length; i++) {
      long number = window.find(keys.get(i));
      if (number < 0) {
        return null;
      }
      positions[i] = window.position(number);
    }
    return positions;
  }

  // Facts

  /** Any record that holds a message; remembers it if it is to be. */
  public void apply(LogRecord record, MessageView message) {
    if (!StoredMessages.isOnce(record)) {
      return;
    }
    String key = message.property(PropertyNames.UNIQUE_KEY);
    if (key == null) {
      throw new IllegalStateException("the message at " + record.position() + " has no unique key");
    }
    KeyWindow window = window(message.topic());
    if (taking != null) {
      taking.changes(window);
    }
    boolean mayGrow = window.growthBytes() > 0 && makeRoom(window, window.growthBytes());
    bytes -= window.bytes();
    window.add(
        UniqueKey.of(key, message.bodyCrc()),
        record.position(),
        message.queueId(),
        message.queueOffset(),
        mayGrow);
    bytes += window.bytes();
  }

  private KeyWindow window(String topic) {
    KeyWindow known = byUse.get(topic);
    if (known != null) {
      return known;
    }
    makeRoom(null, KeyWindow.LEAST_BYTES);
    KeyWindow window = new KeyWindow(keysOfTopic, salt);
    window.imaged = images;
    byTopic.put(topic, window);
    byUse.put(topic, window);
    bytes += window.bytes();
    return window;
  }

  // The one that is kept was used last: it comes first when it is the only one.
  private boolean makeRoom(@Nullable KeyWindow kept, long more) {
    while (bytes + more > most && !byUse.isEmpty()) {
      Map.Entry<String, KeyWindow> idle = byUse.entrySet().iterator().next();
      if (idle.getValue() == kept) {
        return false;
      }
      deleteTopic(idle.getKey());
    }
    return true;
  }

  public void deleteTopic(String topic) {
    KeyWindow window = byTopic.remove(topic);
    byUse.remove(topic);
    bytes -= window == null ? 0 : window.bytes();
  }

  // View

  @Override
  public String name() {
    return "recent-sends";
  }

  @Override
  public Image beginImage() {
    while (taking != null) {
      taking.take();
    }
    taking = new SendsImage(++images, byUse, () -> taking = null);
    return taking;
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int topics = in.readInt();
    for (int i = 0; i < topics; i++) {
      KeyWindow window = new KeyWindow(keysOfTopic, salt);
      String topic = in.readUTF();
      window.readFrom(in);
      byTopic.put(topic, window);
      byUse.put(topic, window);
      bytes += window.bytes();
    }
  }
}
