/**
 * Transactions: half-messages, reports of how they ended, answers to checks, and the outcome table
 * that knows. Not for applications, who see {@link io.escrowmq.client.EscrowTransactions} and {@link
 * io.escrowmq.client.TransactionalProducer}.
 */
@NullMarked
package io.escrowmq.client.tx;

import org.jspecify.annotations.NullMarked;
