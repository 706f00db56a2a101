/** Messages in escrow until they are due: delay levels, delivery times, retries that wait. */
package io.escrowmq.broker.delay;
