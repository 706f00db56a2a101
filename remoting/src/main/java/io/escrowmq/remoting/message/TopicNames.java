package io.escrowmq.remoting.message;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which topic names are legal, which are the system's own, and which are made from a group's. */
public final class TopicNames {

  /** For topics that users name. */
  public static final int MAX_LENGTH = 127;

  /** For retry and dead letter topics. */
  public static final int MAX_DERIVED_LENGTH = 255;

  public static final String RETRY_PREFIX = "%RETRY%";
  public static final String DLQ_PREFIX = "%DLQ%";

  /** The template of automatically created topics. */
  public static final String AUTO_CREATE_TEMPLATE = "TBW102";

  public static final String SCHEDULE = "SCHEDULE_TOPIC_XXXX";
  public static final String BENCHMARK = "BenchmarkTest";
  public static final String HALF = "RMQ_SYS_TRANS_HALF_TOPIC";
  public static final String HALF_OPERATIONS = "RMQ_SYS_TRANS_OP_HALF_TOPIC";
  public static final String TRACE = "RMQ_SYS_TRACE_TOPIC";
  public static final String TRANSACTION_CHECKS_EXHAUSTED = "TRANS_CHECK_MAX_TIME_TOPIC";
  public static final String SELF_TEST = "SELF_TEST_TOPIC";
  public static final String OFFSET_MOVED_EVENT = "OFFSET_MOVED_EVENT";

  private static final String SYSTEM_PREFIX = "rmq_sys_";

  private static final Set<String> RESERVED = Set.of(
      AUTO_CREATE_TEMPLATE,
      SCHEDULE,
      BENCHMARK,
      HALF,
      HALF_OPERATIONS,
      "RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC",
      "RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC",
      TRACE,
      TRANSACTION_CHECKS_EXHAUSTED,
      SELF_TEST,
      OFFSET_MOVED_EVENT,
      "CHECKPOINT_TOPIC");

  private static final Set<String> NOT_SENDABLE = Set.of(
      SCHEDULE,
      HALF,
      HALF_OPERATIONS,
      "RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC",
      "RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC",
      TRANSACTION_CHECKS_EXHAUSTED,
      SELF_TEST,
      OFFSET_MOVED_EVENT);

  private TopicNames() {}

  /** A sentence that says why this is no topic name, naming value and limit; null when it is one. */
  public static @Nullable String refusal(String topic) {
    return Names.refusal("topic", topic, isDerived(topic) ? MAX_DERIVED_LENGTH : MAX_LENGTH);
  }

  /**
   * The system's own; users may neither create nor delete them. The topics that are named like the
   * cluster and the broker are the broker's to know.
   */
  public static boolean isReserved(String topic) {
    return RESERVED.contains(topic) || topic.startsWith(SYSTEM_PREFIX);
  }

  /** Every reserved name that is known in advance. */
  public static Set<String> reserved() {
    return RESERVED;
  }

  /** Whether clients may send to it. */
  public static boolean isSendable(String topic) {
    return !NOT_SENDABLE.contains(topic);
  }

  public static boolean isRetry(String topic) {
    return topic.startsWith(RETRY_PREFIX);
  }

  public static boolean isDlq(String topic) {
    return topic.startsWith(DLQ_PREFIX);
  }

  public static String retryOf(String group) {
    return RETRY_PREFIX.concat(group);
  }

  /** The topic that replies go to in a cluster. */
  public static String replyOf(String cluster) {
    return cluster + "_REPLY_TOPIC";
  }

  public static String dlqOf(String group) {
    return DLQ_PREFIX.concat(group);
  }

  /** The group whose retry or dead letter topic this is; null when it is neither. */
  public static @Nullable String groupOf(String topic) {
    if (isRetry(topic)) {
      return topic.substring(RETRY_PREFIX.length());
    }
    return isDlq(topic) ? topic.substring(DLQ_PREFIX.length()) : null;
  }

  private static boolean isDerived(String topic) {
    return isRetry(topic) || isDlq(topic);
  }
}
