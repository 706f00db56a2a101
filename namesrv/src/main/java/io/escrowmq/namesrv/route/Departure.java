package io.escrowmq.namesrv.route;

/**
 * A broker that no longer counts as alive.
 *
 * @param connection over which it last registered
 */
public record Departure(BrokerMember broker, Object connection) {}
