/**
 * Consuming: which queues are ours, pulling them, handing messages over, and recording how far a group
 * is. Not for applications, who see {@link io.escrowmq.client.Consumer} and {@link
 * io.escrowmq.client.PullConsumer}.
 */
@NullMarked
package io.escrowmq.client.consume;

import org.jspecify.annotations.NullMarked;
