package io.escrowmq.client.send;

import io.escrowmq.client.core.Blocking;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Loops;
import java.time.Duration;

/**
 * What a client's producers, consumers and transactions are built from: one of each, shared by all.
 *
 * @param requestTimeout for answers to all requests but sends and pulls
 */
public record ClientParts(
    Loops loops,
    RemotingClient network,
    Timer timer,
    Routes routes,
    Presence presence,
    ServerRequests serverRequests,
    Blocking waiting,
    Sender sender,
    OpenRequests openRequests,
    UniqueIds ids,
    Duration requestTimeout) {}
