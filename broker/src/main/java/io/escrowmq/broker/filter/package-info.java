/**
 * SQL92 expressions over the properties of messages: text in, a {@link SqlFilter} out, which says of a
 * message whether it is wanted. Pure: no clock, no thread, no state; knows neither groups nor queues.
 * Subscriptions compile, pulls judge.
 */
package io.escrowmq.broker.filter;
