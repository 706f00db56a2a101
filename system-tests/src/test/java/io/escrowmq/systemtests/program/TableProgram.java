package io.escrowmq.systemtests.program;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.Message;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.demo.chaos.ProbedDatabase;
import io.escrowmq.demo.shop.Databases;
import java.sql.Statement;
import javax.sql.DataSource;

/** Takes one order, with an outcome table, and answers checks until it is sent a line. */
public final class TableProgram {

  private TableProgram() {}

  /**
   * Runs it.
   *
   * @param arguments name server, JDBC address, group, topic, the order; and a {@link Point} at which it
   *     says so and goes no further, if wanted
   */
  public static void main(String[] arguments) throws Exception {
    DataSource database = Databases.pool(arguments[1]);
    String topic = arguments[3];
    String order = arguments[4];
    Probe probe = new Probe(point -> System.out.println("held at " + point));
    if (arguments.length > 5) {
      probe.arm(Point.valueOf(arguments[5]), 1);
    }
    try (EscrowClient client = EscrowClient.builder().nameServers(arguments[0]).build();
        EscrowTransactions transactions = client
            .transactions(ProbedDatabase.of(database, probe, false))
            .group(arguments[2])
            .createTable()
            .build()) {
      transactions.inTransaction((connection, messages) -> {
        try (Statement insert = connection.createStatement()) {
          insert.executeUpdate("INSERT INTO orders VALUES ('" + order + "')");
        }
        messages.send(Message.to(topic).body(order));
        probe.pass(Point.HALF_SENT);
      });
      probe.pass(Point.TOLD);
      System.out.println("committed");
      System.in.read();
    }
  }
}
