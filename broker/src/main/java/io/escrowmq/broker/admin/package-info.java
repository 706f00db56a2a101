/**
 * What operators ask of the broker as a whole: how it does, how it is set, how much went through it.
 * Handlers answer on event loops from what others own.
 */
package io.escrowmq.broker.admin;
