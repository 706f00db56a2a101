package io.escrowmq.broker.pull;

/**
 * How much one answer may bring.
 *
 * @param messages at most this many
 * @param bytes at most this many, but always one message
 */
public record PullLimits(int messages, int bytes) {}
