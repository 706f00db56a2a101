package io.escrowmq.replication;

import io.escrowmq.replication.Leadership.AcceptedLoss;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * States as bytes, for files and for the network.
 *
 * <pre>
 * book   "EQGB" int32 | format int8 | cluster text | count int32, group * | CRC-32C of all before it, int32
 * group  format int8 | cluster text | name text | version int64
 *        | epoch int32 | leader, if any | accepted loss, if any: epoch int32, replica int32, order text
 *        | in sync: count int8, replica int32 * | eligible, the same | min-in-sync int8 | highest number int32
 *        | count int8, member *
 * member number int32 | directory text | incarnation int64 | addresses, rack text | priority int32
 *        | log: epoch int32, position int64 | newest kind int32 | lost from int64, if it is flagged
 *
 * a text has its length before it, int16; what may be missing has 0 or 1 before it, int8
 * </pre>
 */
public final class StateCodec {

  /** No book is longer; files and frames that are need not be read. */
  public static final int MOST_BOOK_BYTES = 8 << 20;

  private static final int MAGIC = 0x45514742; // "EQGB"
  private static final int FORMAT = 1;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private StateCodec() {}

  public static byte[] encode(GroupState state) {
    FieldWriter out = new FieldWriter();
    write(state, out);
    return out.toBytes();
  }

  /** Fails with {@link StateFormatException}. */
  public static GroupState decodeGroup(byte[] bytes) {
    return FieldReader.whole("state of a group", bytes, bytes.length, StateCodec::readGroup);
  }

  public static byte[] encode(GroupBook book) {
    FieldWriter out = new FieldWriter()
        .int32(MAGIC)
        .int8(FORMAT)
        .text(book.cluster())
        .int32(book.groups().size());
    book.groups().values().forEach(group -> write(group, out));
    byte[] content = out.toBytes();
    return ByteBuffer.allocate(content.length + CHECKSUM_BYTES)
        .put(content)
        .putInt(checksum(content, content.length))
        .array();
  }

  /** Fails with {@link StateFormatException}. */
  public static GroupBook decodeBook(byte[] bytes) {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0 || bytes.length > MOST_BOOK_BYTES) {
      throw new StateFormatException("this is no book of groups: it has " + bytes.length
          + " bytes, " + CHECKSUM_BYTES + " to " + MOST_BOOK_BYTES + " are possible");
    }
    int stored = ByteBuffer.wrap(bytes).getInt(length);
    int computed = checksum(bytes, length);
    if (stored != computed) {
      throw new StateFormatException(String.format(
          "this is no book of groups, or a damaged one: its checksum is %08x, its bytes have %08x",
          stored, computed));
    }
    return FieldReader.whole("book of groups", bytes, length, StateCodec::readBook);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static GroupBook readBook(FieldReader in) {
    int magic = in.int32();
    if (magic != MAGIC) {
      throw new StateFormatException("this is no book of groups: it begins with "
          + Integer.toHexString(magic) + ", not with " + Integer.toHexString(MAGIC));
    }
    in.format(FORMAT);
    String cluster = in.text();
    int count = in.count(Limits.MOST_GROUPS);
    SortedMap<String, GroupState> groups = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      GroupState group = readGroup(in);
      groups.put(group.name(), group);
    }
    return new GroupBook(cluster, groups);
  }

  private static void write(GroupState state, FieldWriter out) {
    out.int8(FORMAT).text(state.cluster()).text(state.name()).int64(state.version());
    Leadership leadership = state.leadership();
    out.int32(leadership.epoch()).optional(leadership.leader());
    AcceptedLoss loss = leadership.acceptedLoss();
    out.int8(loss == null ? 0 : 1);
    if (loss != null) {
      out.int32(loss.epoch()).int32(loss.replica()).text(loss.order());
    }
    InSyncSet inSync = state.inSync();
    out.replicas(inSync.replicas()).replicas(inSync.eligible()).int8(inSync.least());
    out.int32(state.highestId()).int8(state.members().size());
    for (Member member : state.members().values()) {
      out.int32(member.id())
          .text(member.directory())
          .int64(member.incarnation())
          .profile(member.profile())
          .log(member.log())
          .int32(member.newestKind())
          .optional(member.lostFrom());
    }
  }

  private static GroupState readGroup(FieldReader in) {
    in.format(FORMAT);
    String cluster = in.text();
    String name = in.text();
    long version = in.int64();
    Leadership leadership = new Leadership(in.int32(), in.optionalIncarnation(), readLoss(in));
    InSyncSet inSync = new InSyncSet(in.replicas(), in.replicas(), in.int8());
    int highestId = in.int32();
    int count = in.count(Limits.MOST_REPLICAS);
    SortedMap<Integer, Member> members = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Member member = new Member(
          in.int32(), in.text(), in.int64(), in.profile(), in.log(), in.int32(), in.optionalLong());
      members.put(member.id(), member);
    }
    return new GroupState(cluster, name, version, leadership, inSync, members, highestId);
  }

  private static @Nullable AcceptedLoss readLoss(FieldReader in) {
    return in.isThere() ? new AcceptedLoss(in.int32(), in.int32(), in.text()) : null;
  }
}
