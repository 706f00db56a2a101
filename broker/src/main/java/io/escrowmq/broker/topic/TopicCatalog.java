package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.core.RowsImage;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Every topic of this broker: those in the log, and those that the settings bring along.
 *
 * <p>Owner: the log loop; any thread reads. Concurrent maps instead of an image that is swapped,
 * because creating 100,000 topics would copy the image 100,000 times.
 */
public final class TopicCatalog implements View {

  private static final int PART_OF_HEAP = 3; // 150,000 topics of 8 queues in 512 MiB

  private final TopicLimits limits;
  private final MemoryShare memory;
  private final Map<String, Topic> builtIn;
  private final TopicRows topics = new TopicRows();
  private volatile TopicVersion version = new TopicVersion(0, 0);
  private final Runnable announced;
  private final AtomicLong deletions = new AtomicLong();
  private final TopicJournal journal = new TopicJournal();
  private @Nullable RowsImage<String, TopicRows.Row> image; // that is not whole; log loop

  /** With the usual limits. */
  public TopicCatalog(Collection<Topic> builtIn) {
    this(builtIn, TopicLimits.DEFAULT);
  }

  public TopicCatalog(Collection<Topic> builtIn, TopicLimits limits) {
    this(builtIn, limits, HeapBudget.unbounded(), () -> {});
  }

  /**
   * @param heap of which topics with their queues and attributes may take a third
   * @param announced is run when a change is safe, for routes; must be quick
   */
  public TopicCatalog(
      Collection<Topic> builtIn, TopicLimits limits, HeapBudget heap, Runnable announced) {
    this(
        builtIn,
        limits,
        heap.share("topics with their queues and attributes", PART_OF_HEAP),
        announced);
  }

  /**
   * @param memory what the queues and attributes of all topics may take
   * @param announced likewise
   */
  public TopicCatalog(
      Collection<Topic> builtIn, TopicLimits limits, MemoryShare memory, Runnable announced) {
    this.limits = limits;
    this.announced = announced;
    this.memory = memory;
    Map<String, Topic> fixed = new ConcurrentHashMap<>();
    builtIn.forEach(topic -> fixed.put(topic.name(), topic));
    this.builtIn = fixed;
  }

  /** A change is safe, or may be. Any thread. */
  public void announce() {
    announced.run();
  }

  // Questions

  /** The topic, or null when there is none. */
  public @Nullable Topic find(String name) {
    TopicRows.Row row = topics.get(name);
    return row != null ? row.topic() : builtIn.get(name);
  }

  /**
   * Whether a message for the topic that was recorded at a position belongs to it, and not to a
   * topic of the same name that was deleted. Nobody deletes what is built in.
   */
  public boolean holds(String name, long position) {
    TopicRows.Row row = topics.get(name);
    return builtIn.containsKey(name) || (row != null && position >= row.since());
  }

  /** True for a topic that the settings bring along and nobody can delete. */
  public boolean isBuiltIn(String name) {
    return builtIn.containsKey(name);
  }

  /** The names of the topics that the settings bring along. */
  public Set<String> builtIn() {
    return Collections.unmodifiableSet(builtIn.keySet());
  }

  /** Every topic, in no order. */
  public List<Topic> all() {
    List<Topic> all = new ArrayList<>(size());
    topics.topics().forEach(all::add);
    builtIn.values().stream().filter(t -> !topics.has(t.name())).forEach(all::add);
    return all;
  }

  /** How many there are, those that the settings bring along included. */
  public int size() {
    return topics.size() + builtIn.size();
  }

  /** Whether a use, such as a send or a group's first consumer, may create one more. */
  public boolean hasRoomByUse() {
    return size() < limits.byUse();
  }

  /** Whether an operator, or the broker itself for dead letters, may create one more. */
  public boolean hasRoom() {
    return hasRoom(1);
  }

  /** The same of so many more. */
  boolean hasRoom(int more) {
    return size() + more <= limits.most();
  }

  /** Why this topic is not created by being used; for answers when there is no room. */
  public String refusalByUse(String name) {
    return "the topic " + name + " is not created by being used: the broker has " + size()
        + " topics, at most " + limits.byUse() + " come so (topic.auto-create-max); create it with"
        + " updateTopic, or delete topics that nobody needs";
  }

  /** Why this topic is not created at all; for answers when there is no room. */
  public String refusal(String name) {
    return "the topic " + name + " is not created: the broker has " + size() + " topics, at most "
        + limits.most() + " may be (topic.max); delete topics that nobody needs";
  }

  /** Why there is no memory for the topic, new or as it would become; null when there is. Log loop. */
  public @Nullable String memoryRefusal(Topic after) {
    return memoryRefusal(after.bytes() - bytes(after.name()));
  }

  /** Why there is no memory for so many more bytes of topics; null when there is. Log loop. */
  @Nullable
  String memoryRefusal(long more) {
    return memory.hasRoom(more) ? null : memory.refusal(more);
  }

  /** How much memory the topic takes here, about; 0 when it is not in the log. */
  long bytes(String name) {
    return bytes(topics.get(name));
  }

  private static long bytes(TopicRows.@Nullable Row row) {
    return row == null ? 0 : row.topic().bytes();
  }

  public TopicVersion version() {
    return version;
  }

  /**
   * The names of the topics that were created, changed or deleted after one version and not after
   * another; null when that is longer ago than is remembered.
   */
  public @Nullable Set<String> changed(TopicVersion after, TopicVersion upTo) {
    return journal.between(after.counter(), upTo.counter());
  }

  /** How many topics were deleted since the start: what was judged before may be out of date after. */
  public long deletions() {
    return deletions.get();
  }

  // Facts

  public void applyChanged(LogRecord record) {
    var change = TopicRecords.readChanged(record.payload());
    String name = change.what().name();
    changes(name);
    TopicRows.Row before = topics.get(name);
    long since = before == null || TopicRecords.saysSince(record)
        ? TopicRecords.since(record)
        : before.since();
    put(new TopicRows.Row(change.what(), since));
    advance(name, change.timeMillis());
  }

  /** Returns the name of the topic that is gone, for the views that hold something of it. */
  public String applyDeleted(LogRecord record) {
    var change = TopicRecords.readDeleted(record.payload());
    changes(change.what());
    memory.add(-bytes(change.what()));
    topics.remove(change.what());
    deletions.incrementAndGet();
    advance(change.what(), change.timeMillis());
    return change.what();
  }

  private void changes(String name) {
    if (image != null) {
      image.take(name);
    }
  }

  private void put(TopicRows.Row row) {
    memory.add(bytes(row) - bytes(row.topic().name()));
    topics.put(row);
  }

  // The journal first: whoever sees the version finds the change that made it.
  private void advance(String name, long timeMillis) {
    TopicVersion next = new TopicVersion(timeMillis, version.counter() + 1);
    journal.note(next.counter(), name);
    version = next;
  }

  // View

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public Image beginImage() {
    RowsImage<String, TopicRows.Row> begun = new RowsImage<>(
        topics.names(),
        topics.size(),
        Comparator.naturalOrder(),
        new ImageRows(version),
        () -> image = null);
    image = begun;
    return begun;
  }

  private final class ImageRows implements RowsImage.Rows<String, TopicRows.Row> {

    private final TopicVersion begun;

    ImageRows(TopicVersion begun) {
      this.begun = begun;
    }

    @Override
    public TopicRows.@Nullable Row row(String name) {
      return topics.get(name);
    }

    @Override
    public void writeHead(DataOutput out) throws IOException {
      out.writeLong(begun.timestampMillis());
      out.writeLong(begun.counter());
    }

    @Override
    public void write(String name, TopicRows.Row row, FieldWriter out) {
      TopicRecords.write(row.topic(), out);
      out.int64(row.since());
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    version = new TopicVersion(in.readLong(), in.readLong());
    journal.beginBehind(version.counter());
    topics.clear();
    memory.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      put(new TopicRows.Row(TopicRecords.readTopic(in), in.readLong()));
    }
  }
}
