/**
 * The bodies of requests and answers that are JSON or text: one record each, immutable, read
 * leniently (as other people's writers write) and written as standard JSON, but for maps whose keys
 * are queues: clients read those only with raw objects as keys.
 */
package io.escrowmq.remoting.body;
