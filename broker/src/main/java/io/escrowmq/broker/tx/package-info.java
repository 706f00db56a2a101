/**
 * Half-messages: from the request to escrow, what producers and operators say of them, who is asked,
 * and what becomes visible. The rules are the coordinator's ({@code io.escrowmq.tx}); here they meet
 * the log and the network.
 */
package io.escrowmq.broker.tx;
