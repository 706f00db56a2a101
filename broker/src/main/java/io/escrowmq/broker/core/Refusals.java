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

  /** The disk is full; the sender may try another broker or wait for room. */
  public static Reply diskFull(Recorder recorder) {
    return Reply.refused(
        ResponseCode.SERVICE_NOT_AVAILABLE,
        "the disk is full: " + recorder.missingBytes()
            + " bytes must be freed before messages are taken again");
  }
}
