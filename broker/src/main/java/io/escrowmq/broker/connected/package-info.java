/**
 * Who is connected, what each group is subscribed to, and which member has locked which queue. It outlives
 * cores, and is gone with the process: clients say it again. Handlers that are told it are next door.
 */
package io.escrowmq.broker.connected;
