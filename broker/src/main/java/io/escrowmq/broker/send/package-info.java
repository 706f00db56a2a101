/** Sending: from the request to records in the log, and the answer when they are safe. */
package io.escrowmq.broker.send;
