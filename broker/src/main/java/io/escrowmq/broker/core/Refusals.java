package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;

/** Refusals that every recording request shares: there is no room. */
public final class Refusals {

  private Refusals() {}

  /** The inbox is full. Clients try again. */
  public static Refusal busy(LogLoop loop) {
    return new Refusal.InboxFull(loop.waiting());
  }

  /** There is no room for a record with this payload: it fits no segment, or the disk is full. */
  public static Refusal noRoom(Recorder recorder, int payloadLength) {
    return payloadLength > recorder.payloadAtMost()
        ? new Refusal.RecordTooLarge(payloadLength, recorder.payloadAtMost())
        : new Refusal.DiskFull(recorder.missingBytes(), recorder.shortage());
  }
}
