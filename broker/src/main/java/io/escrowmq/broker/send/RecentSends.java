package io.escrowmq.broker.send;

import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
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

  private static final int BYTES_AN_ENTRY = 52;
  private static final int SHARE_OF_HEAP = 16;

  private final QueueViews queues;
  private final int keysOfTopic;
  private final long most;
  // the topic that was last added to stands last
  private final Map<String, KeyWindow> byTopic = new LinkedHashMap<>(16, 0.75f, true);
  private long size; // in all windows

  /**
   * @param most entries of all topics at most; the topic that was idle longest is forgotten first
   */
  public RecentSends(QueueViews queues, int keysOfTopic, long most) {
    this.queues = queues;
    this.keysOfTopic = (int) Math.min(keysOfTopic, most);
    this.most = most;
  }

  /** For a heap of so many bytes: a sixteenth of it at most. */
  public static RecentSends forHeap(QueueViews queues, int keysOfTopic, long heapBytes) {
    return new RecentSends(
        queues, keysOfTopic, Math.max(1, heapBytes / SHARE_OF_HEAP / BYTES_AN_ENTRY));
  }

  // Questions

  /**
   * Where messages are that came together, if each of these keys is remembered; null otherwise.
   *
   * @param keys one a message, or that of the first
   */
  @Nullable
  Stored find(String topic, List<UniqueKey> keys, int messages) {
    KeyWindow window = byTopic.get(topic);
    if (window == null) {
      return null;
    }
    long[] positions = new long[keys.size()];
    for (int i = 0; i < positions.length; i++) {
      int index = window.find(keys.get(i));
      if (index < 0) {
        return null;
      }
      positions[i] = window.position(index);
    }
    int first = window.find(keys.get(0));
    int queueId = window.queueId(first);
    long queueOffset = window.queueOffset(first);
    if (messages > positions.length) { // they stand in the queue together
      positions = queues.positions(topic, queueId, queueOffset, messages);
      if (positions == null || positions[0] != window.position(first)) {
        return null;
      }
    }
    return Stored.before(positions, queueId, queueOffset);
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
    size -= window.size();
    window.add(UniqueKey.of(key), record.position(), message.queueId(), message.queueOffset());
    size += window.size();
    keepBound(window);
  }

  private KeyWindow window(String topic) {
    return byTopic.computeIfAbsent(topic, name -> new KeyWindow(keysOfTopic));
  }

  private void keepBound(KeyWindow added) {
    while (size > most) {
      KeyWindow idle = byTopic.values().iterator().next();
      if (idle == added) {
        added.forgetOldest();
        size--;
      } else {
        byTopic.values().remove(idle);
        size -= idle.size();
      }
    }
  }

  public void deleteTopic(String topic) {
    KeyWindow window = byTopic.remove(topic);
    size -= window == null ? 0 : window.size();
  }

  // View

  @Override
  public String name() {
    return "recent-sends";
  }

  @Override
  public Image image() {
    List<String> topics = new ArrayList<>(byTopic.keySet());
    List<KeyWindow> windows = byTopic.values().stream().map(KeyWindow::copy).toList();
    return out -> {
      out.writeInt(topics.size());
      for (int i = 0; i < windows.size(); i++) {
        out.writeUTF(topics.get(i));
        windows.get(i).writeTo(out);
      }
    };
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int topics = in.readInt();
    for (int i = 0; i < topics; i++) {
      KeyWindow window = window(in.readUTF());
      window.addAll(in);
      size += window.size();
      keepBound(window);
    }
  }
}
