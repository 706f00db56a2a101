package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.core.RowsImage;
import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every consumer group's configuration: those in the log, and the system's own.
 *
 * <p>Owner: the log loop; any thread reads.
 */
public final class GroupCatalog implements View {

  private static final int PART_OF_HEAP = 16;

  private final Map<String, Group> groups = new ConcurrentHashMap<>();
  private final MemoryShare memory;
  private volatile GroupVersion version = new GroupVersion(0, 0);
  private @Nullable RowsImage<String, Group> image; // that is not whole; log loop

  /**
   * @param heap of which groups with their attributes may take a sixteenth
   */
  public GroupCatalog(HeapBudget heap) {
    this(heap.share("consumer groups", PART_OF_HEAP));
  }

  GroupCatalog(MemoryShare memory) {
    this.memory = memory;
  }

  // Questions

  /** The group's configuration, or null when there is none. */
  public @Nullable Group find(String name) {
    Group group = groups.get(name);
    if (group == null && GroupNames.predefined().contains(name)) {
      return Group.withDefaults(name);
    }
    return group;
  }

  /** Every group, the system's own among them, by name. */
  public List<Group> all() {
    List<Group> all = new ArrayList<>(groups.values());
    for (String name : GroupNames.predefined()) {
      if (!groups.containsKey(name)) {
        all.add(Group.withDefaults(name));
      }
    }
    all.sort(Comparator.comparing(Group::name));
    return all;
  }

  /** How many groups are in the log. */
  public int size() {
    return groups.size();
  }

  public GroupVersion version() {
    return version;
  }

  /** Why the group cannot be kept, new or as it would become; null when it can. */
  @Nullable
  String refusal(Group after) {
    return refusal(after.bytes() - bytes(after.name()));
  }

  /** Why so many more bytes of groups cannot be kept; null when they can. */
  @Nullable
  String refusal(long more) {
    return memory.hasRoom(more) ? null : memory.refusal(more);
  }

  /** How much memory the group takes here, about; 0 when it is not in the log. */
  long bytes(String name) {
    Group group = groups.get(name);
    return group == null ? 0 : group.bytes();
  }

  // Facts

  public void applyChanged(LogRecord record) {
    applyChanged(record.payload());
  }

  /** Whoever keeps anything else of the group applies the same record. */
  /** Returns the name of the group that is gone, for those that hold something of it. */
  public String applyDeleted(LogRecord record) {
    return applyDeleted(record.payload());
  }

  void applyChanged(ByteBuffer payload) {
    GroupRecords.Change change = GroupRecords.readChanged(payload);
    changes(change.group().name());
    put(change.group());
    advance(change.timeMillis());
  }

  String applyDeleted(ByteBuffer payload) {
    GroupRecords.Deletion change = GroupRecords.readDeleted(payload);
    changes(change.group());
    Group before = groups.remove(change.group());
    memory.add(before == null ? 0 : -before.bytes());
    advance(change.timeMillis());
    return change.group();
  }

  private void changes(String name) {
    if (image != null) {
      image.take(name);
    }
  }

  private void put(Group group) {
    Group before = groups.put(group.name(), group);
    memory.add(group.bytes() - (before == null ? 0 : before.bytes()));
  }

  private void advance(long timeMillis) {
    version = new GroupVersion(timeMillis, version.counter() + 1);
  }

  // View

  @Override
  public String name() {
    return "groups";
  }

  @Override
  public Image beginImage() {
    RowsImage<String, Group> begun = new RowsImage<>(
        groups.keySet().iterator(),
        groups.size(),
        Comparator.naturalOrder(),
        new ImageRows(version),
        () -> image = null);
    image = begun;
    return begun;
  }

  private final class ImageRows implements RowsImage.Rows<String, Group> {

    private final GroupVersion begun;

    ImageRows(GroupVersion begun) {
      this.begun = begun;
    }

    @Override
    public @Nullable Group row(String name) {
      return groups.get(name);
    }

    @Override
    public void writeHead(DataOutput out) throws IOException {
      out.writeLong(begun.timestampMillis());
      out.writeLong(begun.counter());
    }

    @Override
    public void write(String name, Group group, FieldWriter out) {
      GroupRecords.write(group, out);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    version = new GroupVersion(in.readLong(), in.readLong());
    groups.clear();
    memory.clear();
    for (int left = in.readInt(); left > 0; left--) {
      put(GroupRecords.readGroup(in));
    }
  }
}
