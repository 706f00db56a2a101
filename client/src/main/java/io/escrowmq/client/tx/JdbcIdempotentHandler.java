package io.escrowmq.client.tx;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.core.Names;
import io.escrowmq.client.core.SteadyClock;
import io.escrowmq.runtime.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Knows by a table of handled messages which work has been done. One owner builds; any thread. */
public final class JdbcIdempotentHandler implements IdempotentHandler {

  private final DataSource dataSource;
  private final SteadyClock clock; // for the age of rows
  private final Supplier<Turn> turns; // one for each transaction
  private String group = "escrowmq-consumers";
  private String table = "escrow_handled";
  private boolean createTable;
  private Duration keepHandled = Duration.ofDays(7);

  public JdbcIdempotentHandler(DataSource dataSource, SteadyClock clock, Supplier<Turn> turns) {
    this.dataSource = dataSource;
    this.clock = clock;
    this.turns = turns;
  }

  @Override
  public IdempotentHandler group(String name) {
    group = Names.group(name);
    return this;
  }

  @Override
  public IdempotentHandler table(String name) {
    table = Objects.requireNonNull(name, "the table is null");
    return this;
  }

  @Override
  public IdempotentHandler createTable() {
    createTable = true;
    return this;
  }

  @Override
  public IdempotentHandler keepHandled(Duration age) {
    keepHandled = Objects.requireNonNull(age, "the age is null");
    return this;
  }

  @Override
  public Handler handler(Work work) {
    Objects.requireNonNull(work, "the work is null");
    HandledMessages handled = handled();
    return delivery -> {
      handled.once(
          delivery.topic(), delivery.messageId(), connection -> work.handle(connection, delivery));
      handled.cleanNowAndThen();
    };
  }

  @Override
  public Handler handler(EscrowTransactions transactions, SendingWork work) {
    Objects.requireNonNull(transactions, "the argument for transactions is null");
    Objects.requireNonNull(work, "the work is null");
    HandledMessages handled = handled();
    return delivery -> {
      if (!handle(transactions, handled, handled::isFirst, work, delivery)
          && !handle(transactions, handled, handled::isLeftHalfDone, work, delivery)) {
        handled.demandHandled(delivery.topic(), delivery.messageId());
      }
      handled.cleanNowAndThen();
    };
  }

  /** Whether the work on a message is to be done in this transaction. */
  private interface Entry {
    boolean admits(Connection connection, String topic, String messageId) throws SQLException;
  }

  private static boolean handle(
      EscrowTransactions transactions,
      HandledMessages handled,
      Entry entry,
      SendingWork work,
      Delivery delivery)
      throws Exception {
    try {
      transactions.<Exception>inTransaction((connection, messages) -> {
        if (!entry.admits(connection, delivery.topic(), delivery.messageId())) {
          throw new HandledBefore();
        }
        work.handle(connection, messages, delivery);
        handled.finish(connection, delivery.topic(), delivery.messageId(), null);
      });
      return true;
    } catch (HandledBefore e) {
      return false;
    }
  }

  private HandledMessages handled() {
    HandledMessages handled =
        new HandledMessages(dataSource, table, group, keepHandled, clock, turns);
    try {
      handled.prepareTable(createTable);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "the table " + table + " cannot be prepared: " + e.getMessage(), e);
    }
    return handled;
  }

  private static final class HandledBefore extends RuntimeException {

    HandledBefore() {
      super("handled before", null, false, false);
    }
  }
}
