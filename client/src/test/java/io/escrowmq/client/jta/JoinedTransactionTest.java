package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.tx.Database;
import io.escrowmq.client.tx.TransactionBed;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database without XA as a party of two phases, and of one. */
@ParameterizedClass
@EnumSource(Database.class)
final class JoinedTransactionTest {

  private final Database database;
  private final TransactionBed bed;
  private final JoinedTransaction joined;
  private final Xid xid = xid(1, 8, 8);

  JoinedTransactionTest(Database database) throws SQLException {
    this.database = database;
    this.bed = new TransactionBed(database.open(), database.open(), false);
    this.joined = new JoinedTransaction(bed.transactions().begin());
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private void change(int n) throws SQLException {
    bed.insert(joined.connection(), n);
    joined.send(Message.to("t").body("" + n));
  }

  /** With one phase the commit finds out, with two the prepare, while the others can still roll back. */
  private void end(boolean onePhase) throws XAException {
    if (!onePhase) {
      assertThat(joined.prepare(xid)).isEqualTo(XAResource.XA_OK);
    }
    joined.commit(xid, onePhase);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldVoteToRollBackWhatAnIgnoredFailureHasAborted(boolean onePhase) throws Exception {
    // given
    assumeTrue(database == Database.POSTGRES, "others go on after a failed statement");
    change(1);
    assertThatThrownBy(() -> bed.insert(joined.connection(), 1)).isInstanceOf(SQLException.class);

    // when
    assertThatExceptionOfType(XAException.class)
        .isThrownBy(() -> end(onePhase))
        .withMessageContaining("SQLSTATE 23505")
        .matches(e -> e.errorCode == XAException.XA_RBROLLBACK);

    // then
    bed.settle();
    assertThat(bed.rows()).isEmpty();
    assertThat(bed.visible()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldUndoMessagesWithTheirSavepoint(boolean onePhase) throws Exception {
    // given
    change(1);
    Savepoint savepoint = joined.connection().setSavepoint();
    change(2);
    joined.connection().rollback(savepoint);
    bed.haltAfterCommit();

    // when
    end(onePhase);

    // then
    bed.settle();
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldTellTheManagerThatAPartWasCommitted() throws Exception {
    // given
    change(1);
    Database.execute(joined.connection(), "SELECT 1; COMMIT");
    change(2);

    // when
    assertThatExceptionOfType(XAException.class)
        .isThrownBy(() -> joined.rollback(xid))
        .matches(e -> e.errorCode == XAException.XA_HEURMIX);

    // then
    bed.settle();
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldRefuseTheConnectionOfAManagersBranch() throws Exception {
    // given
    assumeTrue(database == Database.POSTGRES, "H2 lets such a connection commit by itself");
    XAConnection managed = database.openXa().getXAConnection();
    AtomicReference<Connection> enlisted = new AtomicReference<>();
    try (TransactionBed ofManager = new TransactionBed(database.open(), lending(enlisted), false)) {
      enlisted.set(managed.getConnection());
      managed.getXAResource().start(xid, XAResource.TMNOFLAGS);

      // when
      assertThatExceptionOfType(TransactionRolledBackException.class)
          .isThrownBy(() -> ofManager.transactions().inTransaction((connection, messages) -> {
            ofManager.insert(connection, 1);
            messages.send(Message.to("t").body("1"));
          }));
      managed.getXAResource().end(xid, XAResource.TMSUCCESS);
      managed.getXAResource().commit(xid, true);
      enlisted.set(null);

      // then
      ofManager.settle();
      assertThat(ofManager.rows()).isEmpty();
      assertThat(ofManager.visible()).isEmpty();
    } finally {
      managed.close();
    }
  }

  /** Lends one connection to everybody, as long as there is one, and never takes it back. */
  private DataSource lending(AtomicReference<Connection> enlisted) {
    DataSource real = database.open();
    return proxy(DataSource.class, (method, arguments) -> {
      Connection shared = enlisted.get();
      return method.getName().equals("getConnection") && shared != null
          ? proxy(
              Connection.class,
              (called, values) ->
                  called.getName().equals("close") ? null : called.invoke(shared, values))
          : method.invoke(real, arguments);
    });
  }

  private interface Call {
    Object run(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(Proxy.newProxyInstance(
        JoinedTransactionTest.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          try {
            return call.run(method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
