package io.escrowmq.replication;

/** A replica that was heard of lately, and where its log ended then. */
public record Candidate(Incarnation incarnation, LogEnd log) {}
