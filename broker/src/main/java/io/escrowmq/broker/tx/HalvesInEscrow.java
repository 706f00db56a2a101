package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.List;

/** The half-messages in escrow, for those who record them again. Owner: the log loop. */
final class HalvesInEscrow implements EscrowedMessages {

  private final TransactionCoordinator coordinator;

  HalvesInEscrow(TransactionCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  public String kind() {
    return "half-message";
  }

  @Override
  public long oldestPosition() {
    return coordinator.oldestPosition();
  }

  @Override
  public int longestRecord(int shortEnough) {
    return coordinator.longestRecord(shortEnough);
  }

  @Override
  public List<Place> before(long position, int most) {
    return coordinator.storedBefore(position, most).stream()
        .map(half -> new Place(half.id(), half.position(), half.bytes()))
        .toList();
  }

  @Override
  public void recordAgain(Recorder recorder, Place place, LogRecord record) {
    recordAgain(recorder, place.id(), record);
  }

  /** Records a half-message again; returns where it lies now. */
  static Place recordAgain(Recorder recorder, long id, LogRecord record) {
    byte[] front = HalfRecord.of(record).moved(id).front();
    int length = record.recordLength() - StoredMessages.halfPrefix(record) + front.length;
    long position =
        EscrowRenewal.recordAgain(recorder, RecordKind.HALF, record, front.length, front);
    return new Place(id, position, length);
  }

  /** Never: its transaction is open, and only a decision ends it. */
  @Override
  public boolean isGivenUp(Recorder recorder, Place place, StorageException why) {
    return false;
  }
}
