package io.escrowmq.replication;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldWriter} wrote, and believes nothing. */
final class FieldReader {

  private final String what;
  private final DataInputStream in;

  private interface Read<T> {
    T from(DataInputStream in) throws IOException;
  }

  /** What is read as a whole, and fails as a whole. */
  interface Content<T> {
    T read(FieldReader in);
  }

  private FieldReader(String what, byte[] bytes, int length) {
    this.what = what;
    this.in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
  }

  /** Fails with {@link StateFormatException}, also if there is more behind it. */
  static <T> T whole(String what, byte[] bytes, int length, Content<T> content) {
    FieldReader in = new FieldReader(what, bytes, length);
    T value;
    try {
      value = content.read(in);
    } catch (IllegalArgumentException e) {
      throw new StateFormatException("this is no " + what + ": " + e.getMessage(), e);
    }
    int left = in.get(DataInputStream::available);
    if (left > 0) {
      throw new StateFormatException(
          "this is no " + what + ": " + left + " bytes are left behind its end");
    }
    return value;
  }

  private <T> T get(Read<T> read) {
    try {
      return read.from(in);
    } catch (IOException e) {
      throw new StateFormatException(
          "this is no " + what + ": it ends too early, or has a bad text", e);
    }
  }

  /** A number that tells what follows: anything above was written by a newer version. */
  int format(int newest) {
    int format = int8();
    if (format < 1 || format > newest) {
      throw new StateFormatException("this is no " + what + " of a known format: it has format "
          + format + ", formats 1 to " + newest + " are known; use a newer version");
    }
    return format;
  }

  int int8() {
    return get(DataInputStream::readUnsignedByte);
  }

  int int32() {
    return get(DataInputStream::readInt);
  }

  long int64() {
    return get(DataInputStream::readLong);
  }

  String text() {
    return get(from -> from.readUTF());
  }

  boolean isThere() {
    int flag = int8();
    if (flag > 1) {
      throw new StateFormatException("this is no " + what + ": " + flag + " is neither 0 nor 1");
    }
    return flag == 1;
  }

  OptionalLong optionalLong() {
    return isThere() ? OptionalLong.of(int64()) : OptionalLong.empty();
  }

  /** How many follow, which is believed up to a limit only. */
  int count(int most) {
    int count = most < 256 ? int8() : int32();
    Limits.range("a count", count, 0, most);
    return count;
  }

  SortedSet<Integer> replicas() {
    int count = count(Limits.MOST_REPLICAS);
    SortedSet<Integer> replicas = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      replicas.add(int32());
    }
    return replicas;
  }

  LogEnd log() {
    return new LogEnd(int32(), int64());
  }

  Profile profile() {
    return new Profile(text(), text(), text(), int32());
  }

  Incarnation incarnation() {
    return new Incarnation(int32(), int64());
  }

  @Nullable
  Incarnation optionalIncarnation() {
    return isThere() ? incarnation() : null;
  }
}
