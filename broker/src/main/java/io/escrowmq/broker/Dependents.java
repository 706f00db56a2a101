package io.escrowmq.broker;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.broker.delay.DelayedPlaces;
import io.escrowmq.broker.tx.OpenHalves;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.LogRepair;
import io.escrowmq.store.LogWalk;
import io.escrowmq.store.ReadOnlyFiles;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.queue.QueueSettings;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says what depends on the parts of a log that are lost: messages, half-messages and delayed messages that
 * the newest state file knows, and records that refer to them. Looks at all of it once, whatever the
 * number of lost parts; names a bounded number for each. Changes nothing. Used once.
 */
final class Dependents {

  private static final int MOST_NAMED = 8;
  private static final long LITTLE_HEAP = 64 << 20;

  private final FileSystem files;
  private final Path directory;
  private final StateFiles states;
  private final NavigableMap<Long, Part> parts = new TreeMap<>(); // by where they begin

  Dependents(FileSystem files, Path directory, StateFiles states) {
    this.files = new ReadOnlyFiles(files);
    this.directory = directory;
    this.states = states;
  }

  /** The same damage, where records are lost with what is lost with them. */
  List<Damage> tellOf(List<Damage> found) {
    found.stream()
        .filter(damage -> damage.position() >= 0)
        .forEach(damage -> parts.put(damage.position(), new Part(damage)));
    if (parts.isEmpty()) {
      return found;
    }
    lookAtState();
    new LogWalk(files, directory.resolve("log"), new ReferenceFinder())
        .between(parts.firstKey(), Long.MAX_VALUE);
    return found.stream().map(this::told).toList();
  }

  private Damage told(Damage damage) {
    Part part = parts.get(damage.position());
    return part == null ? damage : damage.losing(part.inWords());
  }

  private @Nullable Part partAt(long position) {
    Map.Entry<Long, Part> part = parts.floorEntry(position);
    return part != null && position < part.getValue().to ? part.getValue() : null;
  }

  private void name(long position, String dependent) {
    Part part = partAt(position);
    if (part != null) {
      part.name(dependent);
    }
  }

  private void lookAtState() {
    try (StateFile newest = states.newest()) {
      long known = newest == null ? 0 : newest.position();
      parts.values().forEach(part -> part.known = known);
      if (newest != null) {
        lookAtQueues(newest);
        OpenHalves halves = new OpenHalves();
        newest.restoreOne(halves);
        halves.forEach((half, open) -> name(
            half.position(),
            "half-message " + half.id() + " of an open transaction of group " + open.group()
                + ", which a repair rolls back"));
        DelayedPlaces delayed = new DelayedPlaces();
        newest.restoreOne(delayed);
        delayed.forEach(position -> name(position, "the delayed message at " + position));
      }
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NEWER) {
        throw e;
      }
      parts
          .values()
          .forEach(part ->
              part.name("what the newest state file knows of them, which cannot be said now: "
                  + e.getMessage()));
    }
  }

  private void lookAtQueues(StateFile newest) {
    ConsumeQueues queues =
        ConsumeQueues.open(files, directory.resolve("queues"), QueueSettings.forHeap(LITTLE_HEAP));
    try {
      queues.forgetBefore(LogRepair.start(files, directory.resolve("log")));
      newest.restoreOne(queues);
      queues.all().forEach(this::lookAt);
    } finally {
      queues.close();
    }
  }

  // Neighbours in a queue are told as one range.
  private void lookAt(ConsumeQueue queue) {
    QueueEntries entries = new QueueEntries(256);
    Part open = null;
    long from = 0;
    long at = queue.minOffset();
    for (; at < queue.maxOffset() && queue.read(at, entries) > 0; at += entries.count()) {
      for (int i = 0; i < entries.count(); i++) {
        Part part = entries.hasMessage(i) ? partAt(entries.position(i)) : null;
        if (part != open) {
          nameRange(open, queue, from, entries.offset(i));
          open = part;
          from = entries.offset(i);
        }
      }
    }
    nameRange(open, queue, from, at);
  }

  private static void nameRange(@Nullable Part part, ConsumeQueue queue, long from, long to) {
    if (part != null) {
      String offsets = from == to - 1 ? "offset " + from : "offsets " + from + " to " + (to - 1);
      part.name(offsets + " of " + queue.topic() + "/" + queue.queueId());
    }
  }

  /** A part of the log that is lost. */
  private static final class Part {

    private final long to;
    private final List<String> named = new ArrayList<>();
    private long known; // the position of the newest state file
    private long more;

    Part(Damage damage) {
      this.to = damage.position() + damage.bytes();
    }

    void name(String dependent) {
      if (named.size() < MOST_NAMED) {
        named.add(dependent);
      } else {
        more++;
      }
    }

    String inWords() {
      String since = known < to
          ? "the records there, of which no state file knows anything"
              + (known > 0 ? " behind " + known : "")
          : "the records there";
      if (named.isEmpty()) {
        return since + "; nothing that is left refers to them";
      }
      return since + ", and with them: " + String.join("; ", named)
          + (more == 0 ? "" : "; and " + more + " more");
    }
  }

  /** Finds the records that refer to what is lost. */
  private final class ReferenceFinder implements LogWalk.Visitor {

    private final RecordTexts texts = new RecordTexts();

    @Override
    public boolean record(LogRecord record) {
      RecordText text = texts.of(record);
      for (long position : text.positions()) {
        Part part = partAt(position);
        if (part != null) {
          part.name("what the " + record.kind() + " record at " + record.position() + " refers to ("
              + text.words() + ")");
          break;
        }
      }
      return true;
    }

    @Override
    public boolean ofTheLog(long position, int length, String words) {
      return true;
    }

    @Override
    public boolean damaged(Path file, long from, long to) {
      return true;
    }

    @Override
    public boolean unreadable(Path file, StorageException why) {
      return true;
    }
  }
}
