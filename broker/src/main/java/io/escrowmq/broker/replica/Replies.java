package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.LogDivergedHeader;

/** What followers are refused, and why. */
final class Replies {

  private Replies() {}

  static Reply unknown(String why) {
    return Reply.refused(ResponseCode.REPLICA_UNKNOWN, why);
  }

  static Reply notOpen() {
    return Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, "the log is being opened");
  }

  static Reply waitsAlready() {
    return Reply.refused(
        ResponseCode.ILLEGAL_OPERATION, "a fetch of this connection is not answered yet");
  }

  static Reply vouchesForTooMuch(FetchLogHeader fetch) {
    return Reply.refused(
        ResponseCode.INVALID_PARAMETER,
        "safe " + fetch.safe() + " is beyond the end of the follower's log, " + fetch.from());
  }

  /** @param epoch the leader's largest that is not above the follower's last one, which ends at {@code end} */
  static Reply diverged(FetchLogHeader fetch, int epoch, long end) {
    return new Reply(
        ResponseCode.LOG_DIVERGED,
        "the log of the follower ends at " + fetch.from() + " in epoch " + fetch.lastEpoch()
            + ", where this one has something else",
        new LogDivergedHeader(epoch, end),
        Body.EMPTY);
  }

  static Reply gone(long from, long start) {
    return Reply.refused(
        ResponseCode.LOG_GONE,
        "the log begins at " + start + ", what was at " + from + " has been deleted");
  }

  static Reply unreadable(long from, RuntimeException why) {
    return Reply.refused(
        ResponseCode.SYSTEM_ERROR,
        "the log cannot be read from " + from + " on: " + why.getMessage());
  }
}
