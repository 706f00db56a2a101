package io.escrowmq.demo.agree;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.time.Duration;
import javax.sql.DataSource;

/** EscrowMQ's own transactions with an outcome table. Any thread. */
final class TableAgreement implements Agreement {

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

  private final EscrowTransactions transactions;
  private final Probe probe;

  TableAgreement(EscrowClient client, String group, DataSource dataSource, Probe probe) {
    this.transactions = client
        .transactions(dataSource)
        .group(group)
        .createTable()
        .lockTimeout(LOCK_TIMEOUT)
        .build();
    this.probe = probe;
  }

  @Override
  public void inTransaction(Step step) throws Exception {
    transactions.inTransaction((connection, messages) -> step.run(connection, message -> {
      messages.send(message);
      probe.pass(Point.HALF_SENT);
    }));
    probe.pass(Point.TOLD);
  }

  @Override
  public void close() {
    transactions.close();
  }
}
