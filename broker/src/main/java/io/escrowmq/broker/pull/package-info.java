/** Reading: pulls that find, miss or wait; look-ups by offset, time, id and key. */
package io.escrowmq.broker.pull;
