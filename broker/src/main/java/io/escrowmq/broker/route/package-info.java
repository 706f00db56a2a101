/** Tells the name servers what this broker serves. */
package io.escrowmq.broker.route;
