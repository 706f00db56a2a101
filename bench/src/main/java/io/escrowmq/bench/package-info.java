/**
 * The comparison: starts EscrowMQ and a peer in turn, lets the load generator run against each, reads what the operating
 * system counted for the broker's process, and writes a table. Knows no client library: the load generator ({@link
 * io.escrowmq.bench.load}) is a process of its own and is talked to through its standard input and output. Nothing else in
 * the project uses this package.
 */
@NullMarked
package io.escrowmq.bench;

import org.jspecify.annotations.NullMarked;
