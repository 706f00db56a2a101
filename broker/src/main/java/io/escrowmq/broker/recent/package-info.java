/** Recent sends by their unique keys, so that one that is tried again is one message. */
package io.escrowmq.broker.recent;
