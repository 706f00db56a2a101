package io.escrowmq.broker.consumer;

import io.escrowmq.broker.consumer.OffsetRecords.Line;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.RowsImage;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * How far every group is on every queue.
 *
 * <p>Offsets come with every pull, so a report costs no way through the log loop: any thread puts it
 * into a map, where it counts at once, and about once a second the log loop, which owns what is
 * recorded, records what has changed.
 *
 * <p>If the process is killed, the reports of about the last second are gone. The group then stands
 * a little further back than it was: some messages come twice, none is lost. An offset that an
 * operator sets or copies is recorded before it is answered.
 */
public final class ConsumerOffsets implements View, Duty {

  /** What stands for "no offset is known". */
  public static final long NONE = Progress.NONE;

  private static final long RECORD_EVERY_MILLIS = 1000;
  private static final int RECORDS_A_ROUND = 32;
  private static final long PAUSE_MILLIS = 5; // between two records: others have turns

  private static final int PART_OF_HEAP = 4; // of groups x topics x queues

  private final MemoryShare memory;
  private final Map<String, Map<String, Progress>> byGroup = new ConcurrentHashMap<>();
  private final Queue<Progress> changed = new ConcurrentLinkedQueue<>(); // each at most once
  private long roundAtMillis = Long.MIN_VALUE / 2; // when it began; one a second
  private int leftOfRound; // records
  private long recordedAtMillis = Long.MIN_VALUE / 2; // the last one
  private @Nullable RowsImage<Progress, Map<Integer, Progress.RecordedOffset>>
      image; // not whole; log loop

  /**
   * @param heap of which offsets may take a quarter
   */
  public ConsumerOffsets(HeapBudget heap) {
    this(heap.share("offsets of consumer groups", PART_OF_HEAP));
  }

  ConsumerOffsets(MemoryShare memory) {
    this.memory = memory;
  }

  // Any thread

  /** Why the group's offsets on so many queues of a topic cannot be kept; null when they can. */
  @Nullable
  String refusal(String group, String topic, Set<Integer> queueIds) {
    if (memory.hasRoom(queueIds.size() * Progress.PLACE_BYTES)) {
      return null; // even if all of them were new
    }
    return refusal(newPlaces(group, topic, queueIds));
  }

  /** Why so many more places cannot be kept; null when they can. */
  @Nullable
  String refusal(long newPlaces) {
    long more = newPlaces * Progress.PLACE_BYTES;
    return memory.hasRoom(more) ? null : memory.refusal(more);
  }

  /** On how many of these queues nothing is known of the group. */
  long newPlaces(String group, String topic, Set<Integer> queueIds) {
    Progress progress = existing(group, topic);
    return queueIds.stream()
        .filter(queueId -> progress == null || !progress.isKnown(queueId))
        .count();
  }

  /**
   * The group has consumed everything before this offset. A lower one than before counts as well:
   * the consumer went back. Ignored below 0, and while a reset waits for the queue's next pull. The
   * caller has made sure that group, topic and queue exist. A first report of a queue is not kept when
   * the offsets' memory is used up, see {@link #refusal}.
   */
  public void report(String group, String topic, int queueId, long offset) {
    Progress known = existing(group, topic);
    boolean isFirst = known == null || !known.isKnown(queueId);
    if (offset < 0 || (isFirst && !memory.hasRoom(Progress.PLACE_BYTES))) {
      return;
    }
    Progress progress = known == null ? progress(group, topic) : known;
    if (progress.report(queueId, offset)) {
      markChanged(progress);
    }
  }

  /** The offset of the next message to consume; {@link #NONE} when nothing is known. */
  public long find(String group, String topic, int queueId) {
    Progress progress = existing(group, topic);
    return progress == null ? NONE : progress.find(queueId);
  }

  /**
   * A pull begins at this offset. Answers where it must be sent because an operator has set the offset;
   * {@link #NONE} in general. It is told once, and from then on reports count again.
   */
  public long pulling(String group, String topic, int queueId, long from) {
    Progress progress = existing(group, topic);
    return progress == null ? NONE : progress.pulling(queueId, from);
  }

  /**
   * Where the group's last pull of a queue began; {@link #NONE} when it has no offset there, or has not
   * pulled since the start.
   */
  public long pulled(String group, String topic, int queueId) {
    Progress progress = existing(group, topic);
    return progress == null ? NONE : progress.pulled(queueId);
  }

  /** Queue id to offset, ascending; empty when nothing is known. */
  public Map<Integer, Long> all(String group, String topic) {
    Progress progress = existing(group, topic);
    return progress == null ? Map.of() : progress.all();
  }

  /** The topics on which an offset of the group is known. */
  public Set<String> topicsOf(String group) {
    return new TreeSet<>(byGroup.getOrDefault(group, Map.of()).keySet());
  }

  /** The groups of which an offset on the topic is known. */
  public Set<String> groupsOn(String topic) {
    Set<String> groups = new TreeSet<>();
    byGroup.forEach((group, topics) -> {
      if (topics.containsKey(topic)) {
        groups.add(group);
      }
    });
    return groups;
  }

  /** The groups of which any offset is known. */
  public Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    byGroup.forEach((group, topics) -> {
      if (!topics.isEmpty()) {
        groups.add(group);
      }
    });
    return groups;
  }

  // The log loop: recording

  /** Whether this is recorded as the group's offset, or a reset waits for the queue's next pull. */
  boolean isSettled(String group, String topic, int queueId, long offset) {
    Progress progress = existing(group, topic);
    return progress != null && progress.isSettled(queueId, offset);
  }

  @Override
  public long nextMillis() {
    if (changed.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return leftOfRound > 0 ? recordedAtMillis + PAUSE_MILLIS : roundAtMillis + RECORD_EVERY_MILLIS;
  }

  /** Records a part of what has changed; what one round does not manage waits for the next second. */
  @Override
  public void onTick(Recorder recorder) {
    if (leftOfRound == 0) {
      roundAtMillis = recorder.nowMillis();
      leftOfRound = RECORDS_A_ROUND;
    }
    recordedAtMillis = recorder.nowMillis();
    leftOfRound = record(recorder, 1) ? 0 : leftOfRound - 1;
  }

  /**
   * Records all that is known and not recorded, however much; for the shutdown. False when even the
   * log's reserve has no room for it.
   */
  public boolean recordNow(Recorder recorder) {
    return record(recorder, Integer.MAX_VALUE);
  }

  private boolean record(Recorder recorder, int mostRecords) {
    Deque<Line> staged = new ArrayDeque<>();
    boolean hasRoom = true;
    for (int records = 0; records < mostRecords && hasRoom; records++) {
      List<Line> lines = nextLines(staged);
      if (lines.isEmpty()) {
        return true;
      }
      byte[] payload = OffsetRecords.write(lines);
      hasRoom = recorder.hasReserveRoom(payload.length);
      if (hasRoom) {
        recorder.record(RecordKind.CONSUMER_OFFSETS, OffsetRecords.REPORTS, payload);
      } else {
        staged.addAll(lines);
      }
    }
    for (Line line : staged) {
      markChanged(progress(line.group(), line.topic()));
    }
    return changed.isEmpty();
  }

  /** As many lines as one record should hold, from those staged and from what has changed. */
  private List<Line> nextLines(Deque<Line> staged) {
    List<Line> lines = new ArrayList<>();
    int bytes = 0;
    while (bytes < OffsetRecords.RECORD_BYTES) {
      Line line = staged.poll();
      if (line == null) {
        Progress progress = changed.poll();
        if (progress == null) {
          break;
        }
        stage(progress, staged);
      } else {
        lines.add(line);
        bytes += line.bytes();
      }
    }
    return lines;
  }

  private void stage(Progress progress, Deque<Line> staged) {
    progress.unmark();
    Map<Integer, Long> unrecorded = progress.unrecorded();
    if (unrecorded == null || existing(progress.group(), progress.topic()) != progress) {
      return; // nothing new, or deleted meanwhile
    }
    staged.addAll(Line.of(progress.group(), progress.topic(), unrecorded));
  }

  // Facts: the log loop

  public void apply(LogRecord record) {
    apply(record.flags(), record.payload());
  }

  /** GROUP_DELETED: offsets go with their group when the operator said so. */
  public void applyGroupDeleted(LogRecord record) {
    applyGroupDeleted(record.payload());
  }

  /** The topic was deleted, and every group's offsets with it. */
  public void forgetTopic(String topic) {
    for (Map<String, Progress> topics : byGroup.values()) {
      Progress gone = topics.get(topic); // an empty map stays: a report may be on its way into it
      if (gone != null) {
        changes(gone);
        topics.remove(topic);
        gone.forget();
      }
    }
  }

  void apply(int flags, ByteBuffer payload) {
    for (Line line : OffsetRecords.read(payload)) {
      Progress progress = progress(line.group(), line.topic());
      changes(progress);
      for (Map.Entry<Integer, Long> entry : line.offsets()) {
        if (flags == OffsetRecords.RESETS) {
          progress.applyReset(entry.getKey(), entry.getValue());
        } else {
          progress.applyReport(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  void applyGroupDeleted(ByteBuffer payload) {
    GroupRecords.Deletion deleted = GroupRecords.readDeleted(payload);
    if (deleted.withOffsets()) {
      Map<String, Progress> gone = byGroup.remove(deleted.group());
      if (gone != null) {
        gone.values().forEach(this::changes);
        gone.values().forEach(Progress::forget);
      }
    }
  }

  private void changes(Progress progress) {
    if (image != null) {
      image.take(progress);
    }
  }

  private @Nullable Progress existing(String group, String topic) {
    Map<String, Progress> topics = byGroup.get(group);
    return topics == null ? null : topics.get(topic);
  }

  private Progress progress(String group, String topic) {
    Progress progress = existing(group, topic);
    if (progress != null) {
      return progress;
    }
    return byGroup
        .computeIfAbsent(group, name -> new ConcurrentHashMap<>())
        .computeIfAbsent(topic, name -> new Progress(group, name, memory));
  }

  private void markChanged(Progress progress) {
    if (progress.markChanged()) {
      changed.add(progress);
    }
  }

  // View

  @Override
  public String name() {
    return "consumer-offsets";
  }

  /** What is recorded; reports that are not, are not part of the log either. */
  @Override
  public Image beginImage() {
    RowsImage<Progress, Map<Integer, Progress.RecordedOffset>> begun = new RowsImage<>(
        byGroup.values().stream().flatMap(topics -> topics.values().stream()).iterator(),
        byGroup.values().stream().mapToInt(Map::size).sum(),
        Comparator.comparing(Progress::group).thenComparing(Progress::topic),
        new OffsetRows(),
        () -> image = null);
    image = begun;
    return begun;
  }

  @Override
  public void restore(DataInput in) throws IOException {
    byGroup.clear();
    memory.clear();
    OffsetRows.read(in, this::progress);
  }

  /** Every offset that is known, "topic@group" to queue id to offset. */
  public Map<String, Map<Integer, Long>> byTopicAtGroup() {
    Map<String, Map<Integer, Long>> all = new TreeMap<>();
    byGroup.forEach((group, topics) ->
        topics.forEach((topic, progress) -> all.put(topic + "@" + group, progress.all())));
    return all;
  }
}
