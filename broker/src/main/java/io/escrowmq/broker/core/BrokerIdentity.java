package io.escrowmq.broker.core;

/**
 * Who this broker is to others.
 *
 * @param address "host:port" that clients reach it by
 * @param id 0 for a master
 */
public record BrokerIdentity(String name, String cluster, String address, long id) {}
