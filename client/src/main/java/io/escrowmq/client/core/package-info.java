/**
 * What all parts of the client share: the door to time, typed failures, waiting. Knows no topic and
 * no message. Not for applications.
 */
@NullMarked
package io.escrowmq.client.core;

import org.jspecify.annotations.NullMarked;
