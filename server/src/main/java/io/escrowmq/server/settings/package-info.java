/**
 * What an operator can set, where it may be said, and what came of it. {@link
 * io.escrowmq.server.settings.Keys} is the list; {@link io.escrowmq.server.settings.Settings} holds
 * the values of one start. Nothing here knows what the values are for.
 */
package io.escrowmq.server.settings;
