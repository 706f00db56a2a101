package io.escrowmq.broker.consumer;

/** Which state of the groups this is: grows with each change, so that others see whether theirs is old. */
public record GroupVersion(long timestampMillis, long counter) {}
