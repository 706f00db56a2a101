/**
 * Numbers that tell how a broker is: counted where things happen, sampled by a tick a second, read by
 * whoever asks or exports them. Everybody may count; this package knows nobody.
 */
package io.escrowmq.broker.metrics;
