/**
 * The log loop and the order it keeps: rule, record, apply, act. Knows no rule of any feature; features hand
 * it proposals and register appliers.
 */
package io.escrowmq.broker.core;
