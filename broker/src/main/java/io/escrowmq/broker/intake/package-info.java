/** The way of messages into the log, whoever sends them: encoded, checked for room, recorded, told of. */
package io.escrowmq.broker.intake;
