package io.escrowmq.client.tx;

import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.InFlight;
import java.util.Set;

/**
 * What all transactions of a group share.
 *
 * @param running names of scopes that have a row and have not ended; any thread
 */
record Surroundings(
    ClientParts parts,
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
