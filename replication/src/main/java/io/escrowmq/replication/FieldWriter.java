package io.escrowmq.replication;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes fields one after the other. Owner: who makes it. */
final class FieldWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private interface Write {
    void to(DataOutputStream out) throws IOException;
  }

  private FieldWriter add(Write write) {
    try {
      write.to(out);
    } catch (IOException e) { // only a text of more than 64 KiB, far above every limit
      throw new UncheckedIOException(e);
    }
    return this;
  }

  FieldWriter int8(int value) {
    return add(to -> to.writeByte(value));
  }

  FieldWriter int32(int value) {
    return add(to -> to.writeInt(value));
  }

  FieldWriter int64(long value) {
    return add(to -> to.writeLong(value));
  }

  FieldWriter text(String value) {
    return add(to -> to.writeUTF(value));
  }

  FieldWriter optional(OptionalLong value) {
    return value.isPresent() ? int8(1).int64(value.getAsLong()) : int8(0);
  }

  FieldWriter replicas(Collection<Integer> replicas) {
    int8(replicas.size());
    replicas.forEach(this::int32);
    return this;
  }

  FieldWriter log(LogEnd log) {
    return int32(log.epoch()).int64(log.position());
  }

  FieldWriter profile(Profile profile) {
    return text(profile.clientAddress())
        .text(profile.replicationAddress())
        .text(profile.rack())
        .int32(profile.priority());
  }

  FieldWriter incarnation(Incarnation incarnation) {
    return int32(incarnation.replica()).int64(incarnation.number());
  }

  FieldWriter optional(@Nullable Incarnation incarnation) {
    return incarnation == null ? int8(0) : int8(1).incarnation(incarnation);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
