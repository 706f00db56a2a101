package io.escrowmq.client.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.JtaMessages;
import io.escrowmq.client.Message;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.Database;
import io.escrowmq.client.tx.FakeBroker;
import io.escrowmq.client.tx.FakeCluster;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.client.tx.FinishedByTime;
import io.escrowmq.client.tx.PreparedMessages;
import io.escrowmq.client.tx.TableTransactions;
import io.escrowmq.client.tx.TestTables;
import io.escrowmq.client.tx.UnreliableDatabase;
import io.escrowmq.remoting.code.RequestCode;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A real transaction manager with a real database, and brokers in memory. */
@ParameterizedClass
@EnumSource(Database.class)
final class NarayanaTest {

  private static final String GROUP = "orders";

  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker broker = cluster.broker("a");
  private final TransactionManager manager = Narayana.manager();
  private final Enlistment enlistment = new Enlistment(manager, Narayana.registry());
  private final Database kind;
  private final DataSource database;
  private final String business = Database.freshTable();
  private Branches branches = branchesOfAnotherProcess();

  NarayanaTest(Database kind) {
    this.kind = kind;
    this.database = kind.open();
  }

  @BeforeEach
  void create() throws SQLException {
    cluster.topic("t", broker);
    Database.execute(database, "CREATE TABLE " + business + " (n INT)");
  }

  @AfterEach
  void endTransaction() throws Exception {
    if (manager.getTransaction() != null) {
      manager.rollback();
    }
  }

  private Branches branchesOfAnotherProcess() {
    PreparedMessages escrow = new PreparedMessages(
        cluster.partsOfAnotherClient(),
        GROUP,
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        BodyCompression.NONE);
    escrow.start();
    return new Branches(escrow, 1 << 20);
  }

  private void send(String body) {
    enlistment
        .once(branches, () -> new BranchResource(branches, GROUP), own -> own, unused -> {})
        .send(Message.to("t").body(body));
  }

  private void insert(XAConnection connection) throws Exception {
    assertThat(manager.getTransaction().enlistResource(connection.getXAResource()))
        .isTrue();
    // H2 rolls back when the handle is closed
    Connection handle = connection.getConnection();
    Database.execute(handle, "INSERT INTO " + business + " VALUES (1)");
  }

  @Test
  void shouldCommitMessagesWithTheDatabase() throws Exception {
    // given
    XAConnection connection = kind.openXa().getXAConnection();

    // when
    manager.begin();
    send("1");
    insert(connection);
    send("2");
    assertThat(broker.halves()).isEmpty();
    manager.commit();

    // then
    assertThat(broker.visible()).containsExactly("1", "2");
    assertThat(rows()).isEqualTo(1);
    connection.close();
  }

  @Test
  void shouldRollBackMessagesWithTheDatabase() throws Exception {
    // given
    XAConnection connection = kind.openXa().getXAConnection();

    // when
    manager.begin();
    send("1");
    insert(connection);
    manager.rollback();

    // then
    assertThat(broker.halves()).isEmpty();
    assertThat(rows()).isZero();
    connection.close();
  }

  @Test
  void shouldRollBackTheDatabaseWhenMessagesCannotBeStored() throws Exception {
    // given
    XAConnection connection = kind.openXa().getXAConnection();
    cluster.fates(
        (address, code) -> code == RequestCode.SEND_MESSAGE_V2 ? Fate.ANSWER_LOST : Fate.ANSWERED);

    // when
    manager.begin();
    insert(connection);
    send("1");

    // then
    assertThatExceptionOfType(RollbackException.class).isThrownBy(manager::commit);
    assertThat(broker.visible()).isEmpty();
    assertThat(rows()).isZero();
    connection.close();
  }

  @Test
  void shouldDropWhatIsPreparedWhenAnotherPartyFailsToPrepare() throws Exception {
    // given
    XAResource failing = mock(XAResource.class);
    when(failing.prepare(any())).thenThrow(new XAException(XAException.XA_RBINTEGRITY));

    // when
    manager.begin();
    send("1");
    manager.getTransaction().enlistResource(failing);

    // then
    assertThatExceptionOfType(RollbackException.class).isThrownBy(manager::commit);
    assertThat(broker.halves()).hasSize(1);
    assertThat(broker.inEscrow()).isEmpty();
    assertThat(broker.visible()).isEmpty();
  }

  @Test
  void shouldRecoverWhatWasPreparedWhenItsProcessIsGone() throws Exception {
    // given: it dies when all have prepared and the manager has decided
    XAConnection connection = kind.openXa().getXAConnection();
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
    inTimeThatPasses(() -> {
      manager.begin();
      send("1");
      insert(connection);
      send("2");
      manager.commit();
    });
    assertThat(broker.inEscrow()).containsExactly("1", "2");
    cluster.fates((address, code) -> Fate.ANSWERED);

    // when
    branches = branchesOfAnotherProcess();
    recoverWith(branches);

    // then
    assertThat(broker.visible()).containsExactly("1", "2");
    assertThat(broker.inEscrow()).isEmpty();
    assertThat(rows()).isEqualTo(1);
    connection.close();
  }

  @Test
  void shouldRollBackInRecoveryWhatItsManagerHasNotDecided() throws Exception {
    // given: it dies when the messages are prepared and the others are not
    XAResource failing = mock(XAResource.class);
    when(failing.prepare(any())).thenThrow(new XAException(XAException.XA_RBINTEGRITY));
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
    inTimeThatPasses(() -> {
      manager.begin();
      send("1");
      manager.getTransaction().enlistResource(failing);
      assertThatThrownBy(manager::commit).isNotNull();
    });
    assertThat(broker.inEscrow()).containsExactly("1");
    cluster.fates((address, code) -> Fate.ANSWERED);

    // when
    branches = branchesOfAnotherProcess();
    recoverWith(branches);

    // then
    assertThat(broker.inEscrow()).isEmpty();
    assertThat(broker.visible()).isEmpty();
  }

  private void recoverWith(Branches found) {
    EscrowXAResource resource = new BranchResource(found, GROUP);
    try (NarayanaRecovery recovery = new NarayanaRecovery(() -> resource)) {
      recovery.register();
      Narayana.recover();
      Narayana.recover(); // orphans must have been seen before
    }
  }

  @Test
  void shouldSendWithoutEscrowWhenNobodyElseTakesPart() throws Exception {
    // when
    manager.begin();
    send("1");
    manager.commit();

    // then
    assertThat(broker.visible()).containsExactly("1");
    assertThat(broker.halves()).isEmpty();
  }

  @Test
  void shouldDemandATransaction() {
    assertThatThrownBy(() -> send("1")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldJoinADatabaseWithoutXa() throws Exception {
    // given
    try (TableTransactions transactions = transactions(database)) {
      // when
      manager.begin();
      JtaMessages joined = joined(transactions);
      Database.execute(joined.connection(), "INSERT INTO " + business + " VALUES (1)");
      joined(transactions).send(Message.to("t").body("1"));
      assertThat(broker.inEscrow()).containsExactly("1");
      manager.commit();
      manager.begin();
      joined(transactions).send(Message.to("t").body("2"));
      Database.execute(
          joined(transactions).connection(), "INSERT INTO " + business + " VALUES (2)");
      manager.rollback();

      // then
      assertThat(broker.visible()).containsExactly("1");
      assertThat(broker.inEscrow()).isEmpty();
      assertThat(rows()).isEqualTo(1);
    }
  }

  @Test
  void shouldDecideLastWhatHasOnePhaseOnly() throws Exception {
    // given
    UnreliableDatabase unreliable = new UnreliableDatabase(database);
    try (TableTransactions transactions = transactions(unreliable)) {
      unreliable.breakIn(UnreliableDatabase.InCommit.BEFORE);

      // when
      manager.begin();
      joined(transactions).send(Message.to("t").body("joined"));
      Database.execute(
          joined(transactions).connection(), "INSERT INTO " + business + " VALUES (1)");
      send("prepared");

      // then
      assertThatExceptionOfType(RollbackException.class).isThrownBy(manager::commit);
      assertThat(broker.visible()).isEmpty();
      assertThat(broker.inEscrow()).isEmpty();
      assertThat(rows()).isZero();
    }
  }

  @Test
  void shouldRollBackAllPartiesWhenAnIgnoredFailureHasAbortedTheJoinedDatabase() throws Exception {
    // given
    assumeTrue(kind == Database.POSTGRES, "others go on after a failed statement");
    try (TableTransactions transactions = transactions(database)) {
      // when
      manager.begin();
      Connection joined = joined(transactions).connection();
      Database.execute(joined, "INSERT INTO " + business + " VALUES (1)");
      joined(transactions).send(Message.to("t").body("joined"));
      assertThatThrownBy(() -> Database.execute(joined, "INSERT NOTHING"))
          .isInstanceOf(SQLException.class);
      send("prepared");

      // then
      assertThatExceptionOfType(RollbackException.class).isThrownBy(manager::commit);
      assertThat(broker.visible()).isEmpty();
      assertThat(broker.inEscrow()).isEmpty();
      assertThat(rows()).isZero();
    }
  }

  @Test
  void shouldKeepTheManagersTransactionFromItsUsers() throws Exception {
    // given
    try (TableTransactions transactions = transactions(database)) {
      manager.begin();
      JtaMessages joined = joined(transactions);

      // when, then
      assertThatThrownBy(() -> joined.connection().commit()).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> joined.connection().rollback()).isInstanceOf(SQLException.class);
      joined.connection().close();
      assertThat(joined.connection().isClosed()).isFalse();
      manager.rollback();
    }
  }

  private JtaMessages joined(TableTransactions transactions) {
    return enlistment.once(
        transactions,
        () -> new JoinedTransaction(transactions.begin()),
        JoinedTransaction::resource,
        JoinedTransaction::abandon);
  }

  private TableTransactions transactions(DataSource source) {
    return TestTables.start(cluster, "joined", source);
  }

  private interface Conversation {
    void run() throws Exception;
  }

  /** For what waits: its deadlines pass. */
  private void inTimeThatPasses(Conversation conversation) {
    try (FinishedByTime byTime = new FinishedByTime(cluster.timer())) {
      byTime.run(() -> {
        try {
          conversation.run();
          return 0;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      });
    }
  }

  private long rows() throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + business);
  }
}
