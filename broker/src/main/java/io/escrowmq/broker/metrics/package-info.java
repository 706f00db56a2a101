/** Numbers that tell how a broker is: counted where things happen, read by whoever exports them. */
package io.escrowmq.broker.metrics;
