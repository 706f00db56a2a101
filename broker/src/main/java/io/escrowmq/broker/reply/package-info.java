/** Request and reply: replies on their way from a consumer to the producer that asked. */
package io.escrowmq.broker.reply;
