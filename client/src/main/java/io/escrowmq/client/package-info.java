/**
 * What applications use: the only package of the client that is meant for them. It speaks the RocketMQ
 * remoting protocol and works with EscrowMQ and, but for what is said to be an extension, with
 * RocketMQ 5 brokers.
 *
 * <pre>{@code
 * import io.escrowmq.client.*;
 *
 * public class SendOne {
 *   public static void main(String[] arguments) {
 *     try (EscrowClient client = EscrowClient.builder().nameServers("127.0.0.1:9876").build();
 *         Producer producer = client.producer().group("order-service").build()) {
 *       SendReceipt receipt =
 *           producer.send(Message.to("orders").tag("placed").key("order-16").body("one cup"));
 *       System.out.println(receipt.messageId() + " is in " + receipt.queue());
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>A database change and messages about it, both or none, with any JDBC database:
 *
 * <pre>{@code
 * import io.escrowmq.client.*;
 * import java.sql.Connection;
 * import java.sql.Statement;
 * import org.h2.jdbcx.JdbcDataSource;
 *
 * public class PlaceOrder {
 *   public static void main(String[] arguments) throws Exception {
 *     JdbcDataSource dataSource = new JdbcDataSource();
 *     dataSource.setURL("jdbc:h2:./orders");
 *     try (Connection connection = dataSource.getConnection();
 *         Statement create = connection.createStatement()) {
 *       create.execute("CREATE TABLE IF NOT EXISTS orders (id INT PRIMARY KEY)");
 *     }
 *
 *     try (EscrowClient client = EscrowClient.builder().nameServers("127.0.0.1:9876").build();
 *         EscrowTransactions transactions =
 *             client.transactions(dataSource).group("order-service").createTable().build()) {
 *       transactions.inTransaction((connection, messages) -> {
 *         try (Statement insert = connection.createStatement()) {
 *           insert.executeUpdate("INSERT INTO orders (id) VALUES (17)");
 *         }
 *         messages.send(Message.to("orders").key("order-17").body("one teapot"));
 *       });
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>And what changes a database once for each message, however often it is delivered:
 *
 * <pre>{@code
 * import io.escrowmq.client.*;
 * import java.sql.Connection;
 * import java.sql.Statement;
 * import org.h2.jdbcx.JdbcDataSource;
 *
 * public class CountStock {
 *   public static void main(String[] arguments) throws Exception {
 *     JdbcDataSource dataSource = new JdbcDataSource();
 *     dataSource.setURL("jdbc:h2:./stock");
 *     try (Connection connection = dataSource.getConnection();
 *         Statement create = connection.createStatement()) {
 *       create.execute("CREATE TABLE IF NOT EXISTS stock AS SELECT 100 AS pieces");
 *     }
 *
 *     try (EscrowClient client = EscrowClient.builder().nameServers("127.0.0.1:9876").build();
 *         Consumer consumer = client.consumer("stock-service")
 *             .subscribe("orders")
 *             .startFrom(StartFrom.begin())
 *             .handler(IdempotentHandler.on(dataSource)
 *                 .group("stock-service")
 *                 .createTable()
 *                 .handler((connection, delivery) -> {
 *                   try (Statement update = connection.createStatement()) {
 *                     update.executeUpdate("UPDATE stock SET pieces = pieces - 1");
 *                   }
 *                   System.out.println("took " + delivery.text());
 *                 }))
 *             .start()) {
 *       System.in.read(); // until Enter is pressed
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.escrowmq.client.EscrowJta} does the same in transactions of a transaction manager, {@link
 * io.escrowmq.client.TransactionalProducer} with a listener.
 */
@NullMarked
package io.escrowmq.client;

import org.jspecify.annotations.NullMarked;
