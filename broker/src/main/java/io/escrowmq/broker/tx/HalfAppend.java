package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.send.Destination;
import io.escrowmq.broker.send.MessageAppend;
import io.escrowmq.broker.send.Stored;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Admission;
import io.escrowmq.tx.TransactionCoordinator;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Half-messages of one transaction on their way into escrow: all of them or none. Used once. */
final class HalfAppend implements Proposal {

  private static final int RECORD_OVERHEAD = 96; // header, what stands before the message, padding
  private static final int WEIGHT_OVERHEAD = 256;

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
  private final Destination destination;
  private final Origin origin;
  private final int queueId;
  private final List<byte[]> messages;
  private final MessageAppend.Outcome outcome;
  private final int bytes;

  private @Nullable Stored stored;
  private Reply refusal = Reply.ok();

  HalfAppend(
      TransactionCoordinator coordinator,
      Destination destination,
      Origin origin,
      int queueId,
      List<byte[]> messages,
      MessageAppend.Outcome outcome) {
    this.coordinator = coordinator;
    this.destination = destination;
    this.origin = origin;
    this.queueId = queueId;
    this.messages = messages;
    this.outcome = outcome;
    int sum = destination.bytes() + origin.first().prefixBytes();
    for (byte[] message : messages) {
      sum += message.length + RECORD_OVERHEAD;
    }
    this.bytes = sum;
  }

  @Override
  public int weight() {
    return bytes + WEIGHT_OVERHEAD;
  }

  @Override
  public void rule(Recorder recorder) {
    Reply gone = destination.refusal();
    if (gone != null) {
      refusal = gone;
      return;
    }
    if (!recorder.hasRoom(bytes)) {
      refusal = Refusals.diskFull(recorder);
      return;
    }
    Admission admission =
        coordinator.onHalves(origin.group(), origin.transaction(), messages.size(), bytes);
    if (admission instanceof Admission.Begins) {
      stored = record(recorder, -1);
    } else if (admission instanceof Admission.Joins joins) {
      stored = record(recorder, joins.leader());
    } else if (admission instanceof Admission.TooLate late) {
      refusal = Reply.refused(
          ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
          "the transaction " + origin.transaction() + " of the group " + origin.group()
              + " takes no more messages: " + Decided.inWords(late.decision()));
    } else if (admission instanceof Admission.Full full) {
      refusal = full(full);
    }
  }

  private Stored record(Recorder recorder, long joined) {
    destination.create(recorder);
    long leader = joined;
    long first = -1;
    for (byte[] message : messages) {
      HalfRecord half = leader < 0 ? origin.first() : origin.joining(leader);
      int prefix = half.prefixBytes();
      long position = recorder.positionFor(prefix + message.length);
      MessageCodec.stamp(message, 0, position, recorder.nowMillis());
      MessageCodec.stampPrepared(message, position);
      recorder.record(RecordKind.HALF, prefix, half.payload(ByteBuffer.wrap(message)));
      leader = leader < 0 ? position : leader;
      first = first < 0 ? position : first;
    }
    return new Stored(new long[] {first}, messages.size(), queueId, 0);
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

  @Override
  public void settle() {
    Stored where = stored;
    if (where != null) {
      outcome.stored(where);
    } else {
      outcome.refused(refusal);
    }
  }

  @Override
  public void abandon(String reason) {
    outcome.refused(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, reason));
  }
}
