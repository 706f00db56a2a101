/**
 * Who leads a group of replicas, who is in sync, and what counts as committed. Rules without I/O, thread, clock or
 * chance. Start at {@link io.escrowmq.replication.GroupBook} (the controller's side) and {@link
 * io.escrowmq.replication.InSync} (the leader's).
 */
package io.escrowmq.replication;
