/** Why the core refuses a request, in values. Everybody may use it; it uses nobody. */
package io.escrowmq.broker.refusal;
