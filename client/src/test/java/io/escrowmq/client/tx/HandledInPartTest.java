package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.Message;
import io.escrowmq.client.TestDelivery;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something commits a part of a handler's work, and the rest fails: the message is not handled, and
 * comes again until all of it is done.
 */
@ParameterizedClass
@EnumSource(Database.class)
final class HandledInPartTest {

  private static final int REST = 100;

  /** How the first try ends, after a part of it was committed. */
  private enum End {
    EXCEPTION,
    ERROR,
    CONNECTION_LOST, // as if the process had been killed: the client can do nothing any more
    COMMIT_FAILS
  }

  private final DataSource database;
  private final MeddledDatabase pool;
  private final String table = Database.freshTable();
  private final String business = Database.freshTable();

  HandledInPartTest(Database database) {
    this.database = database.open();
    this.pool = new MeddledDatabase(this.database);
  }

  @BeforeEach
  void create() throws SQLException {
    Database.execute(database, "CREATE TABLE " + business + " (n INT)");
  }

  private void work(Connection connection, Delivery delivery, End end) throws SQLException {
    insert(connection, delivery.attempt());
    Database.execute(connection, "SELECT 1; COMMIT");
    if (delivery.attempt() == 1) {
      switch (end) {
        case EXCEPTION -> throw new IllegalStateException("not now");
        case ERROR -> throw new AssertionError("not now");
        case CONNECTION_LOST -> pool.lent().close();
        case COMMIT_FAILS -> pool.commits(MeddledDatabase.Commit.THROWS_ROLLED_BACK);
      }
    }
    insert(connection, REST);
  }

  private void insert(Connection connection, int n) throws SQLException {
    Database.execute(connection, "INSERT INTO " + business + " VALUES (" + n + ")");
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
          EXCEPTION, false
          ERROR, false
          CONNECTION_LOST, false
          COMMIT_FAILS, false
          EXCEPTION, true
          ERROR, true
          CONNECTION_LOST, true
          COMMIT_FAILS, true
          """)
  void shouldHandleAgainUntilTheRestIsDoneOnce(End end, boolean sends) throws Exception {
    // given
    FakeCluster cluster = new FakeCluster();
    FakeBroker broker = cluster.broker("a");
    cluster.topic("answers", broker);
    try (TableTransactions transactions = TransactionBed.start(cluster, pool.source())) {
      IdempotentHandler once =
          IdempotentHandler.on(pool.source()).group("stock").table(table).createTable();
      Handler handler = sends
          ? once.handler(transactions, (connection, messages, delivery) -> {
            work(connection, delivery, end);
            messages.send(Message.to("answers").body("done"));
          })
          : once.handler((connection, delivery) -> work(connection, delivery, end));

      // when
      int acknowledged = 0;
      for (int attempt = 1; attempt <= 4; attempt++) {
        acknowledged += isAcknowledged(handler, attempt) ? 1 : 0;
      }

      // then
      assertThat(acknowledged).as("all but the first").isEqualTo(3);
      assertThat(rows(REST)).isEqualTo(1);
      assertThat(rows(1)).as("the part that was committed").isEqualTo(1);
      assertThat(broker.visible()).hasSize(sends ? 1 : 0);
    }
  }

  private static boolean isAcknowledged(Handler handler, int attempt) {
    try {
      handler.handle(new TestDelivery("t", "one", attempt));
      return true;
    } catch (Exception | AssertionError again) {
      return false;
    }
  }

  private long rows(int n) throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + business + " WHERE n = " + n);
  }
}
