package io.escrowmq.broker.pull;

/** The group that reads a queue, and the queue. */
public record QueueReader(String group, String topic, int queueId) {}
