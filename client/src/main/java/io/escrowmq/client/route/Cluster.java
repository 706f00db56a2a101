package io.escrowmq.client.route;

import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.runtime.Loops;
import java.time.Duration;

/**
 * The cluster as one client reaches it; all of its producers, consumers and transactions share this.
 *
 * @param requestTimeout for answers to all requests but sends and pulls
 */
public record Cluster(
    Loops loops,
    RemotingClient network,
    Timer timer,
    Routes routes,
    Presence presence,
    ServerRequests serverRequests,
    BlockingCalls waiting,
    Duration requestTimeout) {}
