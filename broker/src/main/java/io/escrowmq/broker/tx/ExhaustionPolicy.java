package io.escrowmq.broker.tx;

/** What happens to a transaction when all checks were in vain. */
public enum ExhaustionPolicy {
  /** It is kept, listed and counted until an operator or a returning producer decides it. */
  SUSPEND,
  /** It is rolled back. */
  DISCARD,
  /** It is rolled back, and its messages go to the topic TRANS_CHECK_MAX_TIME_TOPIC, as RocketMQ does. */
  SYSTEM_TOPIC
}
