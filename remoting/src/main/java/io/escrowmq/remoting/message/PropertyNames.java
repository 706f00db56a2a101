package io.escrowmq.remoting.message;

import java.util.Set;

/** The properties that the protocol itself knows; the names are those on the wire. */
public final class PropertyNames {

  /** Index keys, separated by single blanks. */
  public static final String KEYS = "KEYS";

  public static final String TAGS = "TAGS";

  /** Whether the sender's answer waits for flush and replication. */
  public static final String WAIT = "WAIT";

  /** Delay level 1..18; 0 is none. */
  public static final String DELAY = "DELAY";

  /** The topic that a message in a retry or dead letter topic was first sent to. */
  public static final String RETRY_TOPIC = "RETRY_TOPIC";

  public static final String ORIGIN_GROUP = "ORIGIN_GROUP";
  public static final String REAL_TOPIC = "REAL_TOPIC";
  public static final String REAL_QUEUE_ID = "REAL_QID";

  /** "true" on a half-message. */
  public static final String HALF = "TRAN_MSG";

  public static final String PRODUCER_GROUP = "PGROUP";

  /** The message id of the first delivery. */
  public static final String ORIGIN_MESSAGE_ID = "ORIGIN_MESSAGE_ID";

  public static final String RECONSUME_TIME = "RECONSUME_TIME";
  public static final String MAX_RECONSUME_TIMES = "MAX_RECONSUME_TIMES";
  public static final String REGION = "MSG_REGION";
  public static final String TRACE_ON = "TRACE_ON";
  public static final String UNIQUE_KEY = "UNIQ_KEY";
  public static final String CLUSTER = "CLUSTER";

  /** Seconds until a half-message may be asked about first. */
  public static final String CHECK_IMMUNITY_SECONDS = "CHECK_IMMUNITY_TIME_IN_SECONDS";

  /**
   * The name of the transaction that a half-message belongs to, 1 to 255 characters; EscrowMQ's
   * own. Those of one name and producer group on one broker are decided together.
   */
  public static final String ESCROW_TRANSACTION = "ESCROW_TX";

  /**
   * "true" on a half-message that a transaction manager has prepared, EscrowMQ's own: nobody is asked
   * about it, and no timer ends it. Only a report or an operator does.
   */
  public static final String ESCROW_PREPARED = "ESCROW_XA";

  /**
   * "true" on a message whose unique key names this send and no other, EscrowMQ's own: when it is sent
   * again because the answer was lost, the broker takes it once.
   */
  public static final String ESCROW_ONCE = "ESCROW_ONCE";

  public static final String TRANSACTION_ID = "__transactionId__";
  public static final String TRANSACTION_CHECK_TIMES = "TRANSACTION_CHECK_TIMES";
  public static final String TRANSACTION_PREPARED_QUEUE_OFFSET = "TRAN_PREPARED_QUEUE_OFFSET";
  public static final String INSTANCE_ID = "INSTANCE_ID";
  public static final String CORRELATION_ID = "CORRELATION_ID";
  public static final String REPLY_TO_CLIENT = "REPLY_TO_CLIENT";
  public static final String TTL = "TTL";
  public static final String PUSH_REPLY_TIME = "PUSH_REPLY_TIME";
  public static final String MESSAGE_TYPE = "MSG_TYPE";
  public static final String POP_RECEIPT = "POP_CK";
  public static final String FIRST_POP_TIME = "1ST_POP_TIME";
  public static final String SHARDING_KEY = "__SHARDINGKEY";
  public static final String INNER_NUM = "INNER_NUM";
  public static final String TIMER_DELAY_SECONDS = "TIMER_DELAY_SEC";
  public static final String TIMER_DELAY_MILLIS = "TIMER_DELAY_MS";
  public static final String TIMER_DELIVER_MILLIS = "TIMER_DELIVER_MS";

  /** Says on a message that one of the protocol's own brokers delayed that this has been done. */
  public static final String TIMER_OUT_MILLIS = "TIMER_OUT_MS";

  public static final String TIMER_ENQUEUE_MILLIS = "TIMER_ENQUEUE_MS";
  public static final String TIMER_DEQUEUE_MILLIS = "TIMER_DEQUEUE_MS";
  public static final String TIMER_ROLL_TIMES = "TIMER_ROLL_TIMES";
  public static final String TIMER_ROLL_LABEL = "TIMER_ROLL_LABEL";
  public static final String TIMER_DELAY_LEVEL = "TIMER_DELAY_LEVEL";
  public static final String TIMER_DELETED_KEY = "TIMER_DEL_UNIQKEY";
  public static final String DLQ_ORIGIN_TOPIC = "DLQ_ORIGIN_TOPIC";
  public static final String DLQ_ORIGIN_MESSAGE_ID = "DLQ_ORIGIN_MESSAGE_ID";

  /** Names that begin so are the consumer's own and are not stored. */
  public static final String TRANSIENT_PREFIX = "__RMQ.TRANSIENT.";

  private static final Set<String> RESERVED = Set.of(
      KEYS,
      TAGS,
      WAIT,
      DELAY,
      RETRY_TOPIC,
      ORIGIN_GROUP,
      REAL_TOPIC,
      REAL_QUEUE_ID,
      HALF,
      PRODUCER_GROUP,
      ORIGIN_MESSAGE_ID,
      RECONSUME_TIME,
      MAX_RECONSUME_TIMES,
      REGION,
      TRACE_ON,
      UNIQUE_KEY,
      CLUSTER,
      CHECK_IMMUNITY_SECONDS,
      ESCROW_TRANSACTION,
      ESCROW_PREPARED,
      ESCROW_ONCE,
      TRANSACTION_ID,
      TRANSACTION_CHECK_TIMES,
      TRANSACTION_PREPARED_QUEUE_OFFSET,
      INSTANCE_ID,
      CORRELATION_ID,
      REPLY_TO_CLIENT,
      TTL,
      PUSH_REPLY_TIME,
      MESSAGE_TYPE,
      POP_RECEIPT,
      FIRST_POP_TIME,
      SHARDING_KEY,
      INNER_NUM,
      TIMER_DELAY_SECONDS,
      TIMER_DELAY_MILLIS,
      TIMER_DELIVER_MILLIS,
      TIMER_OUT_MILLIS,
      TIMER_ENQUEUE_MILLIS,
      TIMER_DEQUEUE_MILLIS,
      TIMER_ROLL_TIMES,
      TIMER_ROLL_LABEL,
      TIMER_DELAY_LEVEL,
      TIMER_DELETED_KEY,
      DLQ_ORIGIN_TOPIC,
      DLQ_ORIGIN_MESSAGE_ID);

  private PropertyNames() {}

  /** Whether the protocol uses this name, so that users cannot have it for themselves. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name) || name.startsWith(TRANSIENT_PREFIX);
  }
}
