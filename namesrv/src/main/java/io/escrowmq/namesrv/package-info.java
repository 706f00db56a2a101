/**
 * The name server: brokers say what they have, clients ask where it is. {@code Namesrv} is the
 * wiring and the only thing that others start; {@code RouteLoop} owns all that changes.
 */
package io.escrowmq.namesrv;
