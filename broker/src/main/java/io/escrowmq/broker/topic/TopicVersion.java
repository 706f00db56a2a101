package io.escrowmq.broker.topic;

/** Which state of the topics this is: grows with each change, so that others see whether theirs is old. */
public record TopicVersion(long timestampMillis, long counter) {}
