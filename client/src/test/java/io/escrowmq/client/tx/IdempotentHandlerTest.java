package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.Message;
import io.escrowmq.client.TestDelivery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Database.class)
final class IdempotentHandlerTest {

  private final Database kind;
  private final DataSource database;
  private final String table = Database.freshTable();
  private final String business = Database.freshTable();

  IdempotentHandlerTest(Database database) {
    this.kind = database;
    this.database = database.open();
  }

  @BeforeEach
  void create() throws SQLException {
    Database.execute(database, "CREATE TABLE " + business + " (n INT)");
  }

  private IdempotentHandler handler(String group) {
    return IdempotentHandler.on(database).group(group).table(table).createTable();
  }

  private void change(Connection connection, Delivery delivery) throws SQLException {
    Database.execute(
        connection, "INSERT INTO " + business + " VALUES (" + delivery.attempt() + ")");
  }

  @Test
  void shouldChangeTheDatabaseOnceForEachMessage() throws Exception {
    // given
    Handler handler = handler("stock").handler(this::change);

    // when
    handler.handle(new TestDelivery("t", "one", 1));
    handler.handle(new TestDelivery("t", "one", 2));
    handler.handle(new TestDelivery("t", "two", 1));
    handler.handle(new TestDelivery("other", "one", 1));
    handler("audit").handler(this::change).handle(new TestDelivery("t", "one", 1));

    // then
    assertThat(changes()).isEqualTo(4);
  }

  @Test
  void shouldForgetWhatFailed() throws Exception {
    // given
    Handler handler = handler("stock").handler((connection, delivery) -> {
      change(connection, delivery);
      if (delivery.attempt() == 1) {
        throw new IllegalStateException("not now");
      }
    });

    // when
    assertThatThrownBy(() -> handler.handle(new TestDelivery("t", "one", 1))).hasMessage("not now");
    handler.handle(new TestDelivery("t", "one", 2));
    handler.handle(new TestDelivery("t", "one", 3));

    // then
    assertThat(Database.number(database, "SELECT min(n) FROM " + business)).isEqualTo(2);
    assertThat(changes()).isEqualTo(1);
  }

  @Test
  void shouldChangeTheDatabaseOnceWhenTwoHandleAMessageAtTheSameTime() throws Exception {
    // given
    CountDownLatch changed = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Handler slow = handler("stock").handler((connection, delivery) -> {
      change(connection, delivery);
      changed.countDown();
      mayEnd.await();
    });
    Handler quick = handler("stock").handler(this::change);
    CompletableFuture<Void> first = handled(slow, 1);
    assertThat(changed.await(10, TimeUnit.SECONDS)).isTrue();

    // when
    CompletableFuture<Void> second = handled(quick, 2);
    mayEnd.countDown();
    first.get(30, TimeUnit.SECONDS);
    second.get(30, TimeUnit.SECONDS);

    // then
    assertThat(changes()).isEqualTo(1);
  }

  private static CompletableFuture<Void> handled(Handler handler, int attempt) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    new Thread(() -> {
          try {
            handler.handle(new TestDelivery("t", "one", attempt));
            done.complete(null);
          } catch (Exception e) {
            done.completeExceptionally(e);
          }
        })
        .start();
    return done;
  }

  @Test
  void shouldNotTakeForHandledWhatAnIgnoredFailureHasAborted() throws Exception {
    // given
    assumeTrue(kind == Database.POSTGRES, "others go on after a failed statement");
    Handler handler = handler("stock").handler((connection, delivery) -> {
      change(connection, delivery);
      if (delivery.attempt() == 1) {
        assertThatThrownBy(() -> Database.execute(connection, "INSERT NOTHING"))
            .isInstanceOf(SQLException.class);
      }
    });

    // when
    assertThatThrownBy(() -> handler.handle(new TestDelivery("t", "one", 1)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("SQLSTATE 42601");
    handler.handle(new TestDelivery("t", "one", 2));

    // then
    assertThat(Database.number(database, "SELECT min(n) FROM " + business)).isEqualTo(2);
    assertThat(changes()).isEqualTo(1);
  }

  @Test
  void shouldHandleAgainWhatWasRolledBackUnseen() throws Exception {
    // given
    MeddledDatabase pool = new MeddledDatabase(database);
    Handler handler = IdempotentHandler.on(pool.source())
        .group("stock")
        .table(table)
        .createTable()
        .handler((connection, delivery) -> {
          change(connection, delivery);
          if (delivery.attempt() == 1) {
            pool.lent().rollback();
          }
        });

    // when
    assertThatThrownBy(() -> handler.handle(new TestDelivery("t", "one", 1)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("is gone");
    handler.handle(new TestDelivery("t", "one", 2));

    // then
    assertThat(Database.number(database, "SELECT min(n) FROM " + business)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void shouldHandleOnceWhateverTheCommitSays(MeddledDatabase.Commit commit) throws Exception {
    // given
    MeddledDatabase pool = new MeddledDatabase(database);
    pool.hideTheDriversName();
    Handler handler = IdempotentHandler.on(pool.source())
        .group("stock")
        .table(table)
        .createTable()
        .handler(this::change);

    // when
    pool.commits(commit);
    boolean acknowledged = false;
    for (int attempt = 1; attempt <= 3 && !acknowledged; attempt++) {
      try {
        handler.handle(new TestDelivery("t", "one", attempt));
        acknowledged = true;
      } catch (SQLException again) {
        assertThat(attempt).as("%s", again).isEqualTo(1);
      }
    }

    // then
    assertThat(acknowledged).isTrue();
    assertThat(changes()).isEqualTo(1);
  }

  @Test
  void shouldTellWhyTheWorkFailedAlsoWhenTheConnectionIsBroken() {
    // given
    MeddledDatabase pool = new MeddledDatabase(database);
    Handler handler = IdempotentHandler.on(pool.source())
        .group("stock")
        .table(table)
        .createTable()
        .handler((connection, delivery) -> {
          pool.lent().close();
          throw new IllegalStateException("not now");
        });

    // when, then
    assertThatThrownBy(() -> handler.handle(new TestDelivery("t", "one", 1))).hasMessage("not now");
  }

  @Test
  void shouldKeepTheTransactionFromBeingEnded() throws Exception {
    // given
    Handler handler = handler("stock").handler((connection, delivery) -> {
      change(connection, delivery);
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> Database.execute(connection, "COMMIT"))
          .isInstanceOf(SQLException.class);
      connection.close();
    });

    // when
    handler.handle(new TestDelivery("t", "one", 1));

    // then
    assertThat(changes()).isEqualTo(1);
  }

  @Test
  void shouldNotTakeForHandledWhatTheTableRefuses() throws Exception {
    // given
    Database.execute(
        database,
        "CREATE TABLE " + table + " (consumer_group VARCHAR(255), topic VARCHAR(255),"
            + " message_id VARCHAR(255), handled_millis BIGINT CHECK (handled_millis < -1))");
    Handler handler = handler("stock").handler(this::change);

    // when, then
    assertThatThrownBy(() -> handler.handle(new TestDelivery("t", "one", 1)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("constraint");
  }

  @Test
  void shouldSendOnceForEachMessage() throws Exception {
    // given
    FakeCluster cluster = new FakeCluster();
    FakeBroker broker = cluster.broker("a");
    cluster.topic("answers", broker);
    try (TableTransactions transactions = TransactionBed.start(cluster, database)) {
      Handler handler = handler("stock").handler(transactions, (connection, messages, delivery) -> {
        change(connection, delivery);
        messages.send(Message.to("answers").body("answer to " + delivery.messageId()));
      });

      // when
      handler.handle(new TestDelivery("t", "one", 1));
      handler.handle(new TestDelivery("t", "one", 2));
      handler.handle(new TestDelivery("t", "two", 1));

      // then
      assertThat(broker.visible()).containsExactly("answer to one", "answer to two");
      assertThat(changes()).isEqualTo(2);
    }
  }

  @Test
  void shouldCleanByAge() throws SQLException {
    // given
    AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochMilli(1_000));
    HandledMessages handled = new HandledMessages(
        database, table, "stock", Duration.ofDays(1), now::get, RealTurns::next);
    handled.prepareTable(true);
    try (Connection connection = database.getConnection()) {
      handled.isFirst(connection, "t", "old");
      handled.finish(connection, "t", "old", null);
      now.set(now.get().plus(Duration.ofHours(20)));
      handled.isFirst(connection, "t", "young");
      handled.finish(connection, "t", "young", null);
    }

    // when
    handled.cleanNowAndThen();
    long before = rows();
    now.set(now.get().plus(Duration.ofHours(5)));
    handled.cleanNowAndThen();

    // then
    assertThat(before).isEqualTo(2);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void shouldDemandATable() {
    // given
    IdempotentHandler handler = IdempotentHandler.on(database).table("nowhere");

    // when, then
    assertThatThrownBy(() -> handler.handler(this::change))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  private long changes() throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + business);
  }

  private long rows() throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + table);
  }
}
