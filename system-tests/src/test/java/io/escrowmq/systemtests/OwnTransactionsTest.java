package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.Message;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.UnsupportedByServerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions with an outcome table, against real brokers. */
@SystemTest
final class OwnTransactionsTest {

  private static final String OURS = "escrowmq";

  @AutoClose
  private final OwnClients clients;

  private final JdbcDataSource database = new JdbcDataSource();
  private final String group;

  OwnTransactionsTest(TestBed bed) throws SQLException {
    clients = new OwnClients(bed);
    group = clients.freshGroup();
    database.setURL("jdbc:h2:mem:" + group + ";DB_CLOSE_DELAY=-1");
    execute("CREATE TABLE orders (n INT)");
  }

  private EscrowTransactions transactions() {
    return clients.client().transactions(database).group(group).createTable().build();
  }

  @Test
  @EnabledIfSystemProperty(named = "systemtests.target", matches = OURS)
  void shouldShowMessagesOfAllTopicsWhenTheDatabaseCommits() throws SQLException {
    // given
    String orders = clients.freshTopic(1);
    String invoices = clients.freshTopic(1);
    Audience ofOrders = new Audience(clients.others(), orders);
    Audience ofInvoices = new Audience(clients.others(), invoices);
    EscrowTransactions transactions = transactions();

    // when
    for (int i = 0; i < 3; i++) {
      int n = i;
      transactions.inTransaction((connection, messages) -> {
        execute(connection, "INSERT INTO orders VALUES (" + n + ")");
        messages.send(Message.to(orders).body("order " + n));
        messages.send(Message.to(invoices).body("invoice " + n));
      });
    }
    assertThatThrownBy(() -> transactions.inTransaction((connection, messages) -> {
          execute(connection, "INSERT INTO orders VALUES (99)");
          messages.send(Message.to(orders).body("order 99"));
          throw new IllegalStateException("out of stock");
        }))
        .hasMessage("out of stock");

    // then
    ofOrders.sawOnly("order 0", "order 1", "order 2");
    ofInvoices.sawOnly("invoice 0", "invoice 1", "invoice 2");
    assertThat(number("SELECT count(*) FROM orders")).isEqualTo(3);
    assertThat(new TransactionRequests(clients.others()).open(group)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @EnabledIfSystemProperty(named = "systemtests.target", matches = OURS)
  void shouldAnswerForAProcessThatDied(boolean afterItsCommit) throws SQLException {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    TransactionRequests requests = new TransactionRequests(clients.others());
    dieInTransaction(topic, requests, afterItsCommit);
    assertThat(requests.open(group)).isEqualTo(1);

    // when
    transactions();

    // then
    soon().until(() -> requests.open(group) == 0);
    if (afterItsCommit) {
      audience.sawOnly("m");
    } else {
      audience.sawOnly();
    }
    assertThat(number("SELECT count(*) FROM orders")).isEqualTo(afterItsCommit ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @EnabledIfSystemProperty(named = "systemtests.target", matches = OURS)
  void shouldUndoMessagesWithTheirSavepoint(boolean dies) throws SQLException {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    TransactionRequests requests = new TransactionRequests(clients.others());
    EscrowClient sending =
        EscrowClient.builder().nameServers(clients.others().nameServer()).build();
    EscrowTransactions first =
        sending.transactions(database).group(group).createTable().build();

    // when
    first.inTransaction((connection, messages) -> {
      execute(connection, "INSERT INTO orders VALUES (1)");
      messages.send(Message.to(topic).body("1"));
      Savepoint optional = connection.setSavepoint();
      execute(connection, "INSERT INTO orders VALUES (2)");
      messages.send(Message.to(topic).body("2"));
      connection.rollback(optional);
      execute(connection, "INSERT INTO orders VALUES (3)");
      messages.send(Message.to(topic).body("3"));
      soon().until(() -> requests.open(group) == 3);
      if (dies) {
        sending.close();
      }
    });
    sending.close();
    transactions(); // answers for it

    // then
    soon().until(() -> requests.open(group) == 0);
    if (dies) {
      audience.sawOnlyInAnyOrder("1", "3");
    } else {
      audience.sawOnly("1", "3");
    }
    assertThat(number("SELECT sum(n) FROM orders")).isEqualTo(4);
  }

  /** As far as brokers and database can see: its connections end, and it says nothing more. */
  private void dieInTransaction(String topic, TransactionRequests requests, boolean afterCommit) {
    EscrowClient dying =
        EscrowClient.builder().nameServers(clients.others().nameServer()).build();
    EscrowTransactions transactions =
        dying.transactions(database).group(group).createTable().build();
    try {
      transactions.inTransaction((connection, messages) -> {
        execute(connection, "INSERT INTO orders VALUES (1)");
        messages.send(Message.to(topic).body("m"));
        soon().until(() -> requests.open(group) == 1);
        dying.close();
        if (!afterCommit) {
          throw new SQLException("killed");
        }
      });
    } catch (SQLException killed) {
      assertThat(killed.getMessage()).isEqualTo("killed");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "systemtests.target", matches = OURS)
  void shouldAnswerOnceToWhatIsDeliveredAgain() throws SQLException {
    // given
    String requests = clients.freshTopic(1);
    String answers = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), answers);
    String consumers = clients.freshGroup();
    Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
    Handler handler = IdempotentHandler.on(database)
        .group(consumers)
        .createTable()
        .handler(transactions(), (connection, messages, delivery) -> {
          execute(connection, "INSERT INTO orders VALUES (" + delivery.attempt() + ")");
          messages.send(Message.to(answers).body("answer to " + delivery.text()));
          attempts.add(delivery.attempt());
          if (delivery.attempt() == 1) {
            throw new IllegalStateException("not now");
          }
        });

    // when
    clients
        .client()
        .consumer(consumers)
        .subscribe(requests)
        .startFrom(StartFrom.begin())
        .retryAfter(Duration.ofSeconds(1))
        .handler(delivery -> {
          handler.handle(delivery);
          handler.handle(delivery); // as if it came again
        })
        .start();
    clients.client().producer().build().send(Message.to(requests).body("m"));

    // then
    audience.sawOnly("answer to m");
    assertThat(attempts).containsExactly(1, 2);
    assertThat(number("SELECT min(n) FROM orders")).isEqualTo(2);
    assertThat(number("SELECT count(*) FROM orders")).isEqualTo(1);
  }

  @Test
  @EnabledIfSystemProperty(named = "systemtests.target", matches = "reference")
  void shouldSayThatOthersDoNotKnowTransactionsByName() throws SQLException {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    EscrowTransactions transactions = transactions();

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction((connection, messages) -> {
          execute(connection, "INSERT INTO orders VALUES (1)");
          messages.send(Message.to(topic).body("m"));
        }))
        // then
        .withCauseInstanceOf(UnsupportedByServerException.class);
    assertThat(number("SELECT count(*) FROM orders")).isZero();
    audience.sawOnly();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
