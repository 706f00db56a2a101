/**
 * Messages in transactions of a transaction manager: branches, their states, and their recovery. Loads
 * nothing of JTA unless it is used. Not for applications, who see {@link io.escrowmq.client.EscrowJta}.
 */
@NullMarked
package io.escrowmq.client.jta;

import org.jspecify.annotations.NullMarked;
