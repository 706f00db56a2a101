/**
 * Pulling: what brokers have for a group, its progress, and the member that is polled. Not for
 * applications, who see {@link io.escrowmq.client.PullConsumer}.
 */
@NullMarked
package io.escrowmq.client.pull;

import org.jspecify.annotations.NullMarked;
