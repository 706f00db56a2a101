package io.escrowmq.client.tx;

import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.send.InFlight;
import io.escrowmq.remoting.message.UniqueIds;
import java.util.Set;

/**
 * What all transactions of a group share.
 *
 * @param running names of scopes that have a row and have not ended; any thread
 */
record Surroundings(
    Cluster cluster,
    UniqueIds ids,
    TableSettings settings,
    HalfSender sender,
    Capabilities capabilities,
    BrokerChoice brokers,
    InFlight room,
    Endings endings,
    OutcomeTable table,
    OutcomeCheck check,
    Set<String> running,
    CommitTrust trust) {}
