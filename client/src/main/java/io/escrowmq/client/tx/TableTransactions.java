package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.InFlight;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions of one group whose outcomes are rows of a table. Any thread. */
public final class TableTransactions implements EscrowTransactions, Checker {

  private static final Logger LOG = LoggerFactory.getLogger(TableTransactions.class);
  private static final long MOST_IN_FLIGHT_BYTES = 64L << 20;
  private static final Duration CLEAN_EVERY_AT_MOST = Duration.ofHours(1);
  private static final int CLEANINGS_PER_AGE = 20;

  private final Cluster cluster;
  private final TableSettings settings;
  private final DataSource dataSource;
  private final Consumer<AutoCloseable> onClose;
  private final GroupEscrow escrow;
  private final OutcomeTable table;
  private final OutcomeCheck check;
  private final TransactionIds ids;
  private final Set<String> running = ConcurrentHashMap.newKeySet(); // names that have rows
  private final Surroundings surroundings;
  private final PeriodicTask cleaning;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param onClose told once, when this is closed
   */
  public TableTransactions(
      ClientParts parts,
      TableSettings settings,
      DataSource dataSource,
      Consumer<AutoCloseable> onClose) {
    this.cluster = parts.cluster();
    this.settings = settings;
    this.dataSource = dataSource;
    this.onClose = onClose;
    this.escrow = new GroupEscrow(
        parts,
        settings.group(),
        settings.sendTimeout(),
        settings.compression(),
        settings.checkThreads());
    this.table = new OutcomeTable(
        settings.table(),
        settings.group(),
        Math.toIntExact(settings.lockTimeout().toSeconds()));
    this.check = new OutcomeCheck(dataSource, table);
    this.ids = new TransactionIds(parts.ids(), cluster.timer());
    this.surroundings = new Surroundings(
        cluster,
        parts.ids(),
        settings,
        escrow.halves(),
        new Capabilities(escrow.reports(), settings.group(), "transactions with an outcome table"),
        new BrokerChoice(parts.sender(), cluster.routes()),
        new InFlight(MOST_IN_FLIGHT_BYTES, cluster.loops(), cluster.timer()),
        new Endings(cluster, escrow.reports(), settings.group(), settings.decisionTimeout()),
        table,
        check,
        running,
        new CommitTrust(settings.readAfterCommit()));
    Duration share = settings.keepOutcomes().dividedBy(CLEANINGS_PER_AGE);
    this.cleaning = new PeriodicTask(
        cluster.timer(),
        share.compareTo(CLEAN_EVERY_AT_MOST) < 0 ? share : CLEAN_EVERY_AT_MOST,
        this::clean);
  }

  /**
   * Finds or creates the table, and joins the group.
   *
   * @throws IllegalStateException when there is no table, or the group is taken
   */
  public void start() {
    try (AutoCommitConnection connection = new AutoCommitConnection(dataSource)) {
      if (settings.createTable()) {
        table.create(connection.get());
      } else if (!SqlTables.exists(connection.get(), settings.table())) {
        throw SqlTables.missing(settings.table());
      }
      table.locate(connection.get());
    } catch (SQLException e) {
      throw new IllegalStateException(
          "the table " + table + " cannot be prepared: " + e.getMessage(), e);
    }
    escrow.open(this);
    cleaning.start();
  }

  @Override
  public <E extends Exception> void inTransaction(Work<E> work) throws E {
    boolean unused = this.<Boolean, E>callInTransaction((connection, messages) -> {
      work.run(connection, messages);
      return true;
    });
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T callInTransaction(Call<T, E> work)
      throws E {
    cluster.waiting().checkThread();
    try (TableTransaction transaction = begin()) {
      T result = work.run(transaction.connection(), transaction);
      transaction.commit();
      return result;
    }
  }

  /**
   * Begins a transaction; the caller ends it.
   *
   * @throws TransactionRolledBackException the database does not take part
   */
  public TableTransaction begin() {
    if (closed.get()) {
      throw Failures.closed("the transactions of " + settings.group());
    }
    Connection connection = null;
    try {
      connection = dataSource.getConnection();
      return new TableTransaction(surroundings, ids.next(), connection);
    } catch (SQLException e) {
      TransactionRolledBackException failure = new TransactionRolledBackException(
          "no transaction could be begun, the database said: " + e.getMessage(), null, e);
      if (connection != null) {
        closeAfter(failure, connection);
      }
      throw failure;
    }
  }

  private static void closeAfter(Exception failure, Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public TransactionOutcome check(MessageView half) {
    String id = half.property(PropertyNames.ESCROW_TRANSACTION);
    long begun = id == null ? -1 : TransactionIds.begunMillis(id);
    if (id == null || begun < 0) {
      LOG.warn(
          "a half-message of the group {} in {} is of no transaction with an outcome table;"
              + " who else uses this group?",
          settings.group(),
          half.topic());
      return TransactionOutcome.UNKNOWN;
    }
    if (running.contains(id)) {
      return TransactionOutcome.UNKNOWN; // a look would only wait for it
    }
    boolean rowMayBeDeleted =
        cluster.timer().millis() - begun > settings.keepOutcomes().toMillis() / 2;
    TransactionOutcome outcome = check.find(id, !rowMayBeDeleted);
    if (outcome == TransactionOutcome.UNKNOWN && rowMayBeDeleted) {
      LOG.warn(
          "the transaction {} is not in the table {} and too old to be rolled back by a check;"
              + " an operator has to decide",
          id,
          table);
    }
    return outcome;
  }

  private void clean() {
    try {
      escrow.threads().execute(() -> {
        long before = cluster.timer().steadyMillis() - settings.keepOutcomes().toMillis();
        try (AutoCommitConnection connection = new AutoCommitConnection(dataSource)) {
          int deleted = table.clean(connection.get(), before);
          LOG.debug("{} old outcomes were deleted from {}", deleted, table);
        } catch (SQLException e) {
          LOG.warn("old outcomes could not be deleted from {}", table, e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("checks leave no time to clean {}", table);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      surroundings.endings().await(settings.sendTimeout());
      cleaning.close();
      escrow.close();
      onClose.accept(this);
    }
  }
}
