package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.OldSegments;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.TransactionCoordinator;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records half-messages again that lie in old segments, so that retention never takes what is in
 * escrow, and what is committed late stays readable for as long as it should. Owner: the log loop.
 */
final class EscrowRenewal implements OldSegments {

  private static final Logger LOG = LoggerFactory.getLogger(EscrowRenewal.class);

  private static final int HALVES_AT_ONCE = 1000;
  private static final int BYTES_AT_ONCE = 4 << 20;
  private static final int PREFIX_BYTES = 1024; // more than stands before a message
  private static final int MOVED_BYTES = 16; // by which a record may grow: its id, and alignment
  private static final int HALVES_IN_RESERVE = 50_000; // more need not be counted: too many

  private final CommitLog log;
  private final TransactionCoordinator coordinator;
  private long unreadable = -1; // the highest id that could not be read; told once

  EscrowRenewal(CommitLog log, TransactionCoordinator coordinator) {
    this.log = log;
    this.coordinator = coordinator;
  }

  @Override
  public long oldestPosition() {
    return coordinator.oldestPosition();
  }

  @Override
  public boolean renewBefore(long position, Recorder recorder) {
    List<StoredHalf> old = coordinator.storedBefore(position, HALVES_AT_ONCE);
    long bytes = 0;
    int renewed = 0;
    try (LogReader reader = log.newReader()) {
      for (StoredHalf half : old) {
        if (bytes > BYTES_AT_ONCE || !recorder.hasRoom(half.bytes() + PREFIX_BYTES)) {
          break;
        }
        renewed += renew(reader, half, recorder);
        bytes += half.bytes();
      }
    }
    return renewed == 0 || (old.size() < HALVES_AT_ONCE && renewed == old.size());
  }

  @Override
  public void makeWay(long position, Recorder recorder) {
    List<StoredHalf> old = coordinator.storedBefore(position, HALVES_IN_RESERVE);
    long bytes = old.stream().mapToLong(half -> half.bytes() + MOVED_BYTES).sum();
    if (old.size() == HALVES_IN_RESERVE
        || 2 * bytes > log.payloadAtMost()
        || !recorder.hasReserveRoom(Math.toIntExact(2 * bytes))) {
      return;
    }
    try (LogReader reader = log.newReader()) {
      for (StoredHalf half : old) {
        renew(reader, half, recorder);
      }
    }
  }

  private int renew(LogReader reader, StoredHalf half, Recorder recorder) {
    try {
      LogRecord record = reader.read(half.position());
      if (record == null) {
        throw new IllegalStateException(
            "the half-message at " + half.position() + " is in escrow, but its segment is gone");
      }
      HalfRecord moved = HalfRecord.of(record).moved(half.id());
      int at = StoredMessages.messageAt(record);
      ByteBuffer payload = record.payload();
      byte[] message = new byte[payload.limit() - at];
      payload.get(at, message);
      byte[] front = moved.front();
      recorder.record(RecordKind.HALF, front.length, front, message, 0, message.length);
      return 1;
    } catch (StorageException e) {
      if (half.id() > unreadable) {
        unreadable = half.id();
        LOG.error("the half-message {} is damaged; its segment is kept", half.id(), e);
      }
      return 0;
    }
  }
}
