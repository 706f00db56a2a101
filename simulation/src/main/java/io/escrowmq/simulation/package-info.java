/**
 * A whole cluster on one thread: the real name server, the real broker and scripted clients, on a simulated
 * disk, network and machines, driven by one seed and held against a small model of what was promised.
 */
@NullMarked
package io.escrowmq.simulation;

import org.jspecify.annotations.NullMarked;
