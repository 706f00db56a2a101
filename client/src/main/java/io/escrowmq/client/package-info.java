/**
 * What applications use: the only package of the client that is meant for them. It speaks the RocketMQ
 * remoting protocol and works with EscrowMQ and, but for what is said to be an extension, with
 * RocketMQ 5 brokers.
 *
 * <pre>{@code
 * try (EscrowClient client = EscrowClient.builder().nameServers("127.0.0.1:9876").build();
 *     Producer producer = client.producer().group("order-service").build()) {
 *   SendReceipt receipt =
 *       producer.send(Message.to("orders").tag("placed").key("order-17").body("one teapot"));
 *   System.out.println(receipt.messageId() + " is in " + receipt.queue());
 * }
 * }</pre>
 */
@NullMarked
package io.escrowmq.client;

import org.jspecify.annotations.NullMarked;
