/**
 * What the handlers of all features share: the page that numbers and words every refusal, and the way of
 * a call through the log. The rules below know nothing of it.
 */
package io.escrowmq.broker.edge;
