package io.escrowmq.client.tx;

import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.remoting.code.RequestCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * A process that uses a real database and a broker in memory, and what both have when all has settled.
 * Business rows are numbers, and the message about a row is its number. Owner: the test.
 */
public final class TransactionBed implements AutoCloseable {

  private static final String GROUP = "group";

  private final DataSource database;
  private final DataSource used;
  private final boolean readAfterCommit;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker broker = cluster.broker("a");
  private final String table = Database.freshTable();
  private final String business = Database.freshTable();
  private TableTransactions process;

  /**
   * @param database where its tables are
   * @param used the same one, as the process gets at it
   */
  public TransactionBed(DataSource database, DataSource used, boolean readAfterCommit)
      throws SQLException {
    this.database = database;
    this.used = used;
    this.readAfterCommit = readAfterCommit;
    cluster.topic("t", broker);
    Database.execute(database, "CREATE TABLE " + business + " (n INT PRIMARY KEY)");
    process = start();
  }

  /** A process that uses this database, and nothing else. */
  static TableTransactions start(FakeCluster cluster, DataSource database) {
    return TestTables.start(cluster, GROUP, database);
  }

  private TableTransactions start() {
    return TestTables.start(cluster, GROUP, table, used, readAfterCommit);
  }

  public TableTransactions transactions() {
    return process;
  }

  public FakeCluster cluster() {
    return cluster;
  }

  FakeBroker broker() {
    return broker;
  }

  String table() {
    return table;
  }

  public String business() {
    return business;
  }

  public void insert(Connection connection, int n) throws SQLException {
    Database.execute(connection, "INSERT INTO " + business + " VALUES (" + n + ")");
  }

  /** From now on brokers hear nothing from it, as if it halted right after the next commit. */
  public void haltAfterCommit() {
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
  }

  /** The process is gone; another one answers all checks. */
  public void settle() throws SQLException {
    cluster.timer().advance(Duration.ofMinutes(2));
    process.close();
    cluster.fates((address, code) -> Fate.ANSWERED);
    process = start();
    broker.check(
        new Checks(GROUP, process, new Reports(cluster, Duration.ofSeconds(3)), Runnable::run));
    if (!broker.inEscrow().isEmpty()) {
      throw new IllegalStateException("still in escrow: " + broker.inEscrow());
    }
  }

  public Set<Integer> visible() {
    return broker.visible().stream()
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public Set<Integer> rows() throws SQLException {
    Set<Integer> rows = new TreeSet<>();
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet found = select.executeQuery("SELECT n FROM " + business)) {
      while (found.next()) {
        rows.add(found.getInt(1));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    process.close();
  }
}
