package io.escrowmq.demo.agree;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Commits, then sends: what is often written, and wrong. A process that ends in between has a row and
 * no message. Any thread.
 */
final class NaiveAgreement implements Agreement {

  private final Producer producer;
  private final DataSource dataSource;
  private final Probe probe;

  NaiveAgreement(EscrowClient client, String group, DataSource dataSource, Probe probe) {
    this.producer = client.producer().group(group).build();
    this.dataSource = dataSource;
    this.probe = probe;
  }

  @Override
  public void inTransaction(Step step) throws Exception {
    List<Message> messages = new ArrayList<>();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        step.run(connection, messages::add);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    try {
      messages.forEach(producer::send);
    } catch (EscrowException e) {
      throw new AmbiguousException("the row is committed, its message is not known to be sent", e);
    }
    probe.pass(Point.TOLD);
  }

  @Override
  public void close() {
    producer.close();
  }
}
