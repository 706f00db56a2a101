/**
 * {@code escrowmq tx} and {@code escrowmq topics}: what operators see of transactions and topics, and
 * what they may do about them. A client
 * of brokers like any other; the command line is its only user.
 */
package io.escrowmq.server.tx;
