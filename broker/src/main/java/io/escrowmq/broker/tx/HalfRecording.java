package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.send.EncodedMessages;
import io.escrowmq.broker.send.Once;
import io.escrowmq.broker.send.Recording;
import io.escrowmq.broker.send.Stored;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Admission;
import io.escrowmq.tx.TransactionCoordinator;
import org.jspecify.annotations.Nullable;

/** Half-messages of one transaction, recorded into escrow if the coordinator admits them. */
final class HalfRecording implements Recording {

  private static final int OVERHEAD = 96; // header, what stands before a message, padding

  private static final int MOST_BYTES_A_CHARACTER = 3;

  /** What all of them share. */
  record Origin(String group, @Nullable String transaction, long client, int firstCheckMillis) {

    private HalfRecord first() {
      return new HalfRecord(HalfRecord.What.FIRST, client, firstCheckMillis, -1, transaction);
    }

    private HalfRecord joining(long leader) {
      return new HalfRecord(HalfRecord.What.JOINS, client, firstCheckMillis, leader, null);
    }
  }

  private final TransactionCoordinator coordinator;
  private final Origin origin;
  private final int queueId;
  private final EncodedMessages messages;

  private long joined = -1; // the transaction's first half-message; -1 when these begin one

  HalfRecording(
      TransactionCoordinator coordinator, Origin origin, int queueId, EncodedMessages messages) {
    this.coordinator = coordinator;
    this.origin = origin;
    this.queueId = queueId;
    this.messages = messages;
  }

  @Override
  public int overhead() {
    String name = origin.transaction();
    return OVERHEAD + (name == null ? 0 : MOST_BYTES_A_CHARACTER * name.length());
  }

  @Override
  public @Nullable Reply refusal(int bytes) {
    Admission admission =
        coordinator.onHalves(origin.group(), origin.transaction(), messages.count(), bytes);
    if (admission instanceof Admission.TooLate late) {
      return Reply.refused(
          ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
          "the transaction " + origin.transaction() + " of the group " + origin.group()
              + " takes no more messages: " + Decided.inWords(late.decision()));
    }
    if (admission instanceof Admission.Full full) {
      return full(full);
    }
    joined = admission instanceof Admission.Joins joins ? joins.leader() : -1;
    return null;
  }

  @Override
  public Stored record(Recorder recorder, Once once) {
    long leader = joined;
    long first = -1;
    for (int i = 0; i < messages.count(); i++) {
      byte[] front = (leader < 0 ? origin.first() : origin.joining(leader)).front();
      long position = recorder.positionFor(front.length + messages.length(i));
      messages.stamp(i, 0, position, recorder.nowMillis());
      messages.stampPrepared(i, position);
      messages.record(recorder, RecordKind.HALF, front.length | once.flag(i), front, i);
      leader = leader < 0 ? position : leader;
      first = first < 0 ? position : first;
    }
    return Stored.now(new long[] {first}, messages.count(), queueId, 0);
  }

  private Reply full(Admission.Full full) {
    String what = switch (full.limit()) {
      case HALVES -> "half-messages are in escrow (tx.max-open)";
      case BYTES -> "bytes of half-messages are in escrow (tx.max-open-bytes)";
      case HALVES_OF_GROUP ->
        "half-messages of the group " + origin.group() + " are in escrow (tx.group-max-open)";
      case BYTES_OF_GROUP ->
        "bytes of half-messages of the group " + origin.group()
            + " are in escrow (tx.group-max-open-bytes)";
      case HALVES_OF_TRANSACTION -> "half-messages are in the transaction " + origin.transaction();
    };
    return Reply.refused(
        ResponseCode.SYSTEM_BUSY,
        "[OVERLOAD] " + full.held() + " " + what + ", at most " + full.most()
            + " may be; decide open transactions first");
  }
}
