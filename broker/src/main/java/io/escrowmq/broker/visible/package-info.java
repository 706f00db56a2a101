/**
 * What of the log consumers see: where messages stand in queues and by which keys they are found, what was
 * released from escrow with which offset and time, and how a stored message looks when it is read.
 */
package io.escrowmq.broker.visible;
