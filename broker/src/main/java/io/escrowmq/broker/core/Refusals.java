package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.Shortage;

/** Refusals that every recording request shares: there is no room. */
public final class Refusals {

  private Refusals() {}

  /** The inbox is full. Clients try again. */
  public static Refusal busy(LogLoop loop) {
    return new Refusal.InboxFull(loop.waiting());
  }

  /** There is no room for a record with this payload: it fits no segment, or there is a shortage. */
  public static Refusal noRoom(Recorder recorder, int payloadLength) {
    if (payloadLength > recorder.payloadAtMost()) {
      return new Refusal.RecordTooLarge(payloadLength, recorder.payloadAtMost());
    }
    Shortage shortage = recorder.shortage();
    if (shortage instanceof Shortage.OfReplicas replicas) {
      return new Refusal.TooMuchUncommitted(replicas.bytes(), replicas.most());
    }
    return shortage instanceof Shortage.OfDisk disk
        ? new Refusal.DiskFull(disk.missingBytes(), disk.reason())
        : new Refusal.DiskFull(0, null);
  }
}
