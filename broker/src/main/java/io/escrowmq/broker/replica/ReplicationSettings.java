package io.escrowmq.broker.replica;

import java.net.InetSocketAddress;

/**
 * How a broker takes part in copying a log.
 *
 * @param listen where its log is served to followers
 * @param secret what they have to know
 */
public record ReplicationSettings(InetSocketAddress listen, ReplicaSecret secret) {}
