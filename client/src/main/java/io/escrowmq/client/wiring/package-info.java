/**
 * Wiring: what a client is made of, and how the types that applications see are found. Not for
 * applications, who see {@link io.escrowmq.client.EscrowClient}.
 */
@NullMarked
package io.escrowmq.client.wiring;

import org.jspecify.annotations.NullMarked;
