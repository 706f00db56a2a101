package io.escrowmq.broker.core;

import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;

/** Refusals that every recording request shares: the answers when there is no room. */
public final class Refusals {

  private Refusals() {}

  /** The inbox is full. Clients try again. */
  public static Reply busy(LogLoop loop) {
    return Reply.refused(
        ResponseCode.SYSTEM_BUSY,
        "[OVERLOAD] " + loop.waiting() + " requests wait for the log; send slower or try again");
  }

  /** There is no room for a record with this payload: it fits no segment, or the disk is full. */
  public static Reply noRoom(Recorder recorder, int payloadLength) {
    return payloadLength > recorder.payloadAtMost()
        ? Reply.refused(
            ResponseCode.MESSAGE_ILLEGAL, tooLarge(payloadLength, recorder.payloadAtMost()))
        : diskFull(recorder);
  }

  /** For what fits no segment, however much room there is. */
  public static String tooLarge(int payloadLength, int payloadAtMost) {
    return "a record of " + payloadLength + " bytes fits no segment of the log, which takes records"
        + " of at most " + payloadAtMost + " bytes; send less at once, or start the broker with a"
        + " larger store.segment-bytes";
  }

  /**
   * One of several things that a request would change is refused, and so the whole request.
   *
   * @param what as in "group g"
   * @param of how many the request would change
   */
  public static Reply ofOne(String what, Reply refusal, int of) {
    String nothing = of > 1 ? "; none of the " + of + " is changed" : "";
    return Reply.refused(refusal.code(), what + ": " + refusal.remark() + nothing);
  }

  /** The disk is full; the sender may try another broker or wait for room. */
  public static Reply diskFull(Recorder recorder) {
    return Reply.refused(
        ResponseCode.SERVICE_NOT_AVAILABLE,
        "the disk is full: " + recorder.missingBytes()
            + " bytes must be freed before messages are taken again (" + recorder.shortage() + ")");
  }
}
