package io.escrowmq.broker.topic;

import io.escrowmq.remoting.Connection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Topics that were deleted a short time ago, and the groups that read them then.
 *
 * <p>A consumer keeps its offsets while its topic is deleted and made again under the same name. In
 * the new topic these offsets would skip messages. So the first pull of such a group on each queue
 * is sent to offset 0, and offsets that the group reports before that are not taken.
 *
 * <p>The log loop adds; any event loop asks. In memory only.
 */
public final class DeletedTopics {

  private static final long KEPT_MILLIS = 300_000; // clients drop a queue without pulls after 120 s
  private static final int MOST_TOPICS = 1_000; // the one deleted first is forgotten first
  private static final int MOST_GROUPS = 100_000; // of all topics
  private static final int MOST_TOLD = 100_000; // readers of all topics; more keep their offset

  /**
   * Who holds one offset of a queue.
   *
   * @param member null when the members of the group share the offset
   */
  public record Reader(String group, int queueId, @Nullable Connection member) {}

  private static final class Former {
    final long deletedTick;
    final Set<String> groups;
    final Set<Reader> told = ConcurrentHashMap.newKeySet();

    Former(long deletedTick, Set<String> groups) {
      this.deletedTick = deletedTick;
      this.groups = Set.copyOf(groups);
    }
  }

  private final Map<String, Former> formers = new ConcurrentHashMap<>();
  private final AtomicInteger told = new AtomicInteger(); // readers in all sets, roughly
  private int groups; // in all sets; guarded by this

  /** True when nobody can hold an offset of a deleted topic: the usual case. */
  public boolean isEmpty() {
    return formers.isEmpty();
  }

  /**
   * A topic is deleted.
   *
   * @param readers the groups that may hold offsets of it
   */
  public synchronized void add(String topic, Set<String> readers, long tick) {
    dropOld(tick);
    forget(topic);
    if (readers.isEmpty() || readers.size() > MOST_GROUPS) {
      return;
    }
    while (formers.size() >= MOST_TOPICS || groups + readers.size() > MOST_GROUPS) {
      forgetOldest();
    }
    formers.put(topic, new Former(tick, readers));
    groups += readers.size();
  }

  /** Whether the reader's offset may still be one of the deleted topic. */
  public boolean isStale(String topic, Reader reader) {
    Former former = formers.get(topic);
    return former != null
        && former.groups.contains(reader.group())
        && !former.told.contains(reader)
        && told.get() < MOST_TOLD;
  }

  /** As {@link #isStale}, and the reader is told now: from here on its offsets are of the new topic. */
  public boolean tell(String topic, Reader reader) {
    Former former = formers.get(topic);
    if (former == null || !isStale(topic, reader) || !former.told.add(reader)) {
      return false;
    }
    told.incrementAndGet();
    return true;
  }

  /** Forgets what was deleted so long ago that no client holds an offset of it any more. */
  public synchronized void dropOld(long tick) {
    formers.forEach((topic, former) -> {
      if (tick - former.deletedTick > KEPT_MILLIS) {
        forget(topic);
      }
    });
  }

  private void forgetOldest() {
    String oldest = null;
    long oldestTick = Long.MAX_VALUE;
    for (Map.Entry<String, Former> entry : formers.entrySet()) {
      if (entry.getValue().deletedTick < oldestTick) {
        oldest = entry.getKey();
        oldestTick = entry.getValue().deletedTick;
      }
    }
    if (oldest != null) {
      forget(oldest);
    }
  }

  private void forget(String topic) {
    Former former = formers.remove(topic);
    if (former != null) {
      groups -= former.groups.size();
      told.addAndGet(-former.told.size());
    }
  }
}
