/**
 * Sending: from a message to a request, from a request to a queue, and again until its deadline. Not
 * for applications, who see {@link io.escrowmq.client.Producer}.
 */
@NullMarked
package io.escrowmq.client.send;

import org.jspecify.annotations.NullMarked;
