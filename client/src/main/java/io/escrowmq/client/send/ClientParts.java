package io.escrowmq.client.send;

import io.escrowmq.client.route.Cluster;
import io.escrowmq.remoting.message.UniqueIds;

/** What a client's producers and transactions are built from: one of each, shared by all. */
public record ClientParts(
    Cluster cluster, Sender sender, OpenRequests openRequests, UniqueIds ids) {}
