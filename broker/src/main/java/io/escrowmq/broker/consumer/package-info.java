/**
 * Clients and consumer groups: who is connected, what each group is subscribed to, how far it has
 * consumed, which queues it has locked, and what it gets back for another try. Pulling itself is
 * next door.
 *
 * <p>What must survive (groups, offsets) is a view of the log; what a client says of itself
 * (connections, subscriptions, locks) is gone with the process, because the client says it again.
 */
package io.escrowmq.broker.consumer;
