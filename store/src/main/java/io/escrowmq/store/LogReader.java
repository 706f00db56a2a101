package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads many records cheaply: keeps the segments it has touched from being unmapped until it is
 * closed, and moves one {@link LogRecord} over them. One thread at a time; close it once.
 */
public final class LogReader implements AutoCloseable {

  private final CommitLog log;
  private final CRC32C crc = new CRC32C();
  private final List<Lease> leases = new ArrayList<>(2);
  private final LogRecord record = new LogRecord(ByteBuffer.allocate(0));

  LogReader(CommitLog log) {
    this.log = log;
  }

  /**
   * The record at this position, checked; null when retention deleted it. Valid until the next
   * call; slices of its payload stay valid until {@link #close}.
   *
   * @throws IllegalArgumentException when the position is not written yet
   * @throws StorageException with reason {@code CORRUPT} when it is damaged
   */
  public @Nullable LogRecord read(long position) {
    long written = log.written();
    if (position >= written) {
      throw new IllegalArgumentException(
          "position " + position + " is not written yet: the log ends at " + written);
    }
    Lease lease = leaseOf(position);
    if (lease == null) {
      return null;
    }
    Segment segment = lease.segment;
    int at = (int) (position - segment.start());
    int end = (int) (segment.recordsEnd(written) - segment.start());
    ByteBuffer view = lease.viewUpTo(end);
    if (!RecordLayout.isWhole(view, at, end, position, crc)) {
      throw segment.damaged(position);
    }
    return record.moveTo(view, at);
  }

  /** The same, when the length is known from elsewhere; another length counts as damage. */
  public @Nullable LogRecord read(long position, int recordLength) {
    LogRecord found = read(position);
    if (found != null && found.recordLength() != recordLength) {
      throw new StorageException(
          Reason.CORRUPT,
          "the record at position " + position + " has " + found.recordLength() + " bytes, but "
              + recordLength + " were expected");
    }
    return found;
  }

  private @Nullable Lease leaseOf(long position) {
    for (int i = 0; i < leases.size(); i++) {
      Lease lease = leases.get(i);
      if (lease.segment.start() <= position && position < lease.segment.end()) {
        return lease;
      }
    }
    Segment segment = log.lease(position);
    if (segment == null) {
      return null;
    }
    Lease lease = new Lease(segment);
    leases.add(lease);
    return lease;
  }

  @Override
  public void close() {
    leases.forEach(lease -> lease.segment.release());
    leases.clear();
  }

  private static final class Lease {

    private final Segment segment;
    private ByteBuffer view = ByteBuffer.allocate(0);

    Lease(Segment segment) {
      this.segment = segment;
    }

    ByteBuffer viewUpTo(int bytes) {
      if (view.capacity() < bytes) {
        view = segment.view(bytes);
      }
      return view;
    }
  }
}
