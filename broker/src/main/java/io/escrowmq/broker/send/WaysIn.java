package io.escrowmq.broker.send;

/**
 * The two ways into the log for what clients send.
 *
 * @param visible for messages that consumers see at once, or when they are due
 * @param halves for messages that wait for a decision
 */
public record WaysIn(MessageIntake visible, HalfIntake halves) {}
