package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Compression;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.core.BodyCompression;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A process with an outcome table in a real database, and two brokers in memory. */
abstract class TableBed {

  static final Duration KEPT = Duration.ofDays(1);

  final FakeCluster cluster = new FakeCluster();
  final FakeBroker a = cluster.broker("a");
  final FakeBroker b = cluster.broker("b");
  final UnreliableDatabase database = new UnreliableDatabase(Database.H2.open());
  final String table = Database.freshTable();
  final String business = Database.freshTable();
  TableTransactions transactions;

  @BeforeEach
  void start() throws SQLException {
    Database.execute(database, "CREATE TABLE " + business + " (n INT)");
    cluster.topic("t", a);
    cluster.topic("u", a, b);
    cluster.topic("far", b);
    transactions = started("group", true);
  }

  @AfterEach
  void stop() {
    transactions.close();
  }

  TableTransactions started(String group, boolean createTable) {
    TableSettings settings = new TableSettings(
        group,
        table,
        createTable,
        KEPT,
        Duration.ofSeconds(1),
        false,
        Duration.ofSeconds(3),
        Duration.ofSeconds(60),
        new BodyCompression(Compression.ZLIB, 500),
        1);
    TableTransactions made =
        new TableTransactions(cluster.partsOfAnotherClient(), settings, database, closed -> {});
    made.start();
    return made;
  }

  void doBusiness(Connection connection, TransactionMessages messages, String... topics)
      throws SQLException {
    Database.execute(connection, "INSERT INTO " + business + " VALUES (1)");
    for (String topic : topics) {
      messages.send(Message.to(topic).body("to " + topic));
    }
  }

  /** Has the broker ask about what it does not know, and waits for the answers. */
  void check(FakeBroker broker) {
    broker.check(new Checks(
        "group", transactions, new Reports(cluster, Duration.ofSeconds(3)), Runnable::run));
  }

  void assertNothingHappened() throws SQLException {
    assertThat(businessRows()).isZero();
    assertThat(a.visible()).isEmpty();
    assertThat(b.visible()).isEmpty();
    assertThat(a.inEscrow()).isEmpty();
    assertThat(b.inEscrow()).isEmpty();
  }

  long businessRows() throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + business);
  }
}
