/**
 * Views of the log: which message lies where. {@link io.escrowmq.store.queue.ConsumeQueues} answers by
 * queue offset and time, {@link io.escrowmq.store.queue.KeyIndex} by key. The log loop adds, everybody
 * reads; chunks, runs and their files are package-private.
 */
package io.escrowmq.store.queue;
