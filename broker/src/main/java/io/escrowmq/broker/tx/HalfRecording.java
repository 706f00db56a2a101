package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.Recording;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Admission;
import io.escrowmq.tx.TransactionCoordinator;
import org.jspecify.annotations.Nullable;

/** Half-messages of one transaction, recorded into escrow if the coordinator admits them. */
final class HalfRecording implements Recording {

  private static final int MEMORY_OF_ONE = 128; // while it is in escrow, about
  private static final int OVERHEAD = 96; // header, what stands before a message, padding

  /** What all of them share. */
  record Origin(HalfTerms terms, long client, int firstCheckMillis) {

    private HalfRecord first() {
      return new HalfRecord(HalfRecord.What.FIRST, client, firstCheckMillis, -1, terms.control());
    }

    private HalfRecord joining(long leader) {
      return new HalfRecord(
          HalfRecord.What.JOINS, client, firstCheckMillis, leader, terms.control());
    }
  }

  private final TransactionCoordinator coordinator;
  private final HeapBudget.Kind memory;
  private final Origin origin;
  private final int queueId;
  private final EncodedMessages messages;
  private final int overhead;

  private long joined = -1; // the transaction's first half-message; -1 when these begin one

  HalfRecording(
      TransactionCoordinator coordinator,
      HeapBudget.Kind memory,
      Origin origin,
      int queueId,
      EncodedMessages messages) {
    this.coordinator = coordinator;
    this.memory = memory;
    this.origin = origin;
    this.queueId = queueId;
    this.messages = messages;
    this.overhead = OVERHEAD + Properties.byteLength(origin.terms().control());
  }

  @Override
  public int overhead() {
    return overhead;
  }

  @Override
  public @Nullable Refusal refusal(int bytes) {
    long needed = (long) messages.count() * MEMORY_OF_ONE;
    if (!memory.hasRoom(needed)) {
      return new Refusal.MemoryFull(memory.refusal(needed));
    }
    Admission admission = coordinator.onHalves(
        origin.terms().group(), origin.terms().transaction(), messages.count(), bytes);
    if (admission instanceof Admission.TooLate late) {
      return new Refusal.TransactionClosed(
          origin.terms().transaction(), origin.terms().group(), late.decision());
    }
    if (admission instanceof Admission.Full full) {
      return full(full);
    }
    joined = admission instanceof Admission.Joins joins ? joins.leader() : -1;
    return null;
  }

  @Override
  public Receipt record(Recorder recorder, Once once) {
    long leader = joined;
    long first = -1;
    for (int i = 0; i < messages.count(); i++) {
      byte[] front = (leader < 0 ? origin.first() : origin.joining(leader)).front();
      long position =
          messages.recordBehind(front, recorder, RecordKind.HALF, front.length | once.flag(i), i);
      leader = leader < 0 ? position : leader;
      first = first < 0 ? position : first;
    }
    return Receipt.now(new long[] {first}, messages, queueId, 0);
  }

  private Refusal full(Admission.Full full) {
    return full.limit() == Admission.Limit.HALVES_OF_TRANSACTION
        ? new Refusal.TransactionTooLong(
            origin.terms().transaction(), full.held(), messages.count(), full.most())
        : new Refusal.EscrowFull(
            full.limit(), full.held(), full.most(), origin.terms().group());
  }
}
