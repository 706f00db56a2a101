package io.escrowmq.bench.load;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionMessages;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * Transactions of several messages with EscrowMQ's own client and an outcome table, which is in a database in the memory of
 * this process. One is over when the database has committed; the broker hears of it at once, but is not waited for.
 */
final class TableSessions implements Sessions {
  // for checks and for the cleaning of the table
  private static final int SPARE_CONNECTIONS = 4;

  private final JdbcConnectionPool connections;
  private final EscrowTransactions transactions;
  private final String topic;
  private final int messagesEach;

  TableSessions(EscrowClient client, String topic, int messagesEach, int sessions) {
    this.connections = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");
    connections.setMaxConnections(sessions + SPARE_CONNECTIONS);
    this.transactions =
        client.transactions(connections).group("bench-" + topic).createTable().build();
    this.topic = topic;
    this.messagesEach = messagesEach;
  }

  @Override
  public Session open() {
    return () -> transactions.inTransaction((connection, messages) -> sendAll(messages));
  }

  /** The client has no question for it. */
  @Override
  public long visible() {
    return -1;
  }

  @Override
  public void close() {
    transactions.close();
    connections.dispose();
  }

  private void sendAll(TransactionMessages messages) {
    for (int i = 0; i < messagesEach; i++) {
      messages.send(Message.to(topic).body(Target.BODY));
    }
  }
}
