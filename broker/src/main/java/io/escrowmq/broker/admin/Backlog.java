package io.escrowmq.broker.admin;

import java.util.function.IntSupplier;

/**
 * What waits in a broker.
 *
 * @param pulls for messages to come
 * @param delayed messages, for their time
 */
public record Backlog(IntSupplier pulls, IntSupplier delayed) {}
