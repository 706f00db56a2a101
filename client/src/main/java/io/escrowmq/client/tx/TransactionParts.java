package io.escrowmq.client.tx;

import io.escrowmq.client.core.Timer;
import io.escrowmq.client.core.Waiting;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.Sender;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.message.UniqueIds;
import java.time.Duration;

/**
 * What all transactions of a client are built from.
 *
 * @param requestTimeout for the answer to one report
 */
public record TransactionParts(
    RemotingClient network,
    Timer timer,
    Routes routes,
    Presence presence,
    ServerRequests serverRequests,
    Waiting waiting,
    Sender sender,
    UniqueIds ids,
    Duration requestTimeout) {}
