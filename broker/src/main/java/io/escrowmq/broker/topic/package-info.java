/** Topics: what exists, how many queues, who may read and write; created on demand or by an operator. */
package io.escrowmq.broker.topic;
