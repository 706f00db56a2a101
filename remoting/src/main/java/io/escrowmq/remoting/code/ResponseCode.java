package io.escrowmq.remoting.code;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a frame answers: the numbers of the protocol, unique by construction. */
public enum ResponseCode {
  SUCCESS(0),
  SYSTEM_ERROR(1),
  SYSTEM_BUSY(2),
  REQUEST_CODE_NOT_SUPPORTED(3),
  TRANSACTION_FAILED(4),
  FLUSH_DISK_TIMEOUT(10),
  SLAVE_NOT_AVAILABLE(11),
  FLUSH_SLAVE_TIMEOUT(12),
  MESSAGE_ILLEGAL(13),
  SERVICE_NOT_AVAILABLE(14),
  VERSION_NOT_SUPPORTED(15),
  NO_PERMISSION(16),
  TOPIC_NOT_EXIST(17),
  TOPIC_EXIST_ALREADY(18),
  PULL_NOT_FOUND(19),
  PULL_RETRY_IMMEDIATELY(20),
  PULL_OFFSET_MOVED(21),
  QUERY_NOT_FOUND(22),
  SUBSCRIPTION_PARSE_FAILED(23),
  SUBSCRIPTION_NOT_EXIST(24),
  SUBSCRIPTION_NOT_LATEST(25),
  SUBSCRIPTION_GROUP_NOT_EXIST(26),
  FILTER_DATA_NOT_EXIST(27),
  FILTER_DATA_NOT_LATEST(28),
  INVALID_PARAMETER(29),
  CONSUMER_NOT_ONLINE(206),
  CONSUME_MSG_TIMEOUT(207),
  NO_MESSAGE(208),
  POLLING_FULL(209),
  POLLING_TIMEOUT(210),
  BROKER_NOT_EXIST(211),
  BROKER_DISPATCH_NOT_COMPLETE(212),
  BROADCAST_CONSUMPTION(213),
  FLOW_CONTROL(215),
  ILLEGAL_OPERATION(604),
  GO_AWAY(1500),

  // EscrowMQ's own, answers to its own requests only

  /** No transaction of this name or id, or one that was decided too long ago to be known. */
  TRANSACTION_NOT_OPEN(30001),

  /** The transaction was decided the other way; header fields and remark say how. */
  TRANSACTION_DECIDED_OTHERWISE(30002),

  /** The broker holds fewer half-messages of the transaction than its producer has sent. */
  TRANSACTION_INCOMPLETE(30003),

  /** The peer has not proven that it is a replica of this broker. */
  REPLICA_UNKNOWN(30101),

  /** What the follower has is not what the leader has there; header fields say where they may agree. */
  LOG_DIVERGED(30102),

  /** What the follower asks for was deleted; its log cannot be continued from this leader. */
  LOG_GONE(30103),

  /** The controller's rules do not allow it; a header field says why. */
  GROUP_REFUSED(30111);

  private static final Map<Integer, ResponseCode> BY_NUMBER = new HashMap<>();

  static {
    for (ResponseCode code : values()) {
      ResponseCode other = BY_NUMBER.put(code.number, code);
      if (other != null) {
        throw new IllegalStateException(code + " and " + other + " share a number");
      }
    }
  }

  private final int number;

  ResponseCode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The code of this number, or null when we do not know it. */
  public static @Nullable ResponseCode of(int number) {
    return BY_NUMBER.get(number);
  }
}
