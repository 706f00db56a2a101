package io.escrowmq.broker.replica;

import io.escrowmq.store.CommitLog;

/** A log that is led here, and who counts what followers have of it. */
public record LedLog(CommitLog log, ReplicaCount count) {}
