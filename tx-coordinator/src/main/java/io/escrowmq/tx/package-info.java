/**
 * Half-messages in escrow: who must be asked, what was decided. A state machine without clock,
 * thread, file or logging; it knows nobody, and the caller brings the time. Start at {@link
 * io.escrowmq.tx.TransactionCoordinator}.
 */
package io.escrowmq.tx;
