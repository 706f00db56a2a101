/** Where network, log and consumers meet. */
package io.escrowmq.broker;
