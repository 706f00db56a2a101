/**
 * Handling: messages on their way through an application's handler, and what becomes of them. Not for
 * applications, who see {@link io.escrowmq.client.Consumer}.
 */
@NullMarked
package io.escrowmq.client.handle;

import org.jspecify.annotations.NullMarked;
