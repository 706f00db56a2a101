package io.escrowmq.client.tx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransactionRollbackException;
import javax.sql.DataSource;

/**
 * A real database behind a pool of one connection that lets the test meddle with the connection it has
 * handed out. A second connection is refused while the first is held. Owner: the test's thread.
 */
final class MeddledDatabase {

  /** What a commit does, and what it says. */
  enum Commit {
    HONEST,
    RETURNS_ROLLED_BACK,
    THROWS_COMMITTED,
    THROWS_ROLLED_BACK,
    BREAKS_COMMITTED,
    BREAKS_ROLLED_BACK
  }

  private final DataSource real;
  private Connection lent;
  private boolean dirty; // it is lent without the pool's care
  private boolean nameHidden;
  private boolean rollbacksFail;
  private Commit commit = Commit.HONEST;

  MeddledDatabase(DataSource real) {
    this.real = real;
  }

  /** It says that it is a database that nobody has heard of. */
  void hideTheDriversName() {
    nameHidden = true;
  }

  /** From now on a rollback changes nothing and fails, while the connection stays. */
  void failRollbacks() {
    rollbacksFail = true;
  }

  void commits(Commit how) {
    commit = how;
  }

  /** From now on connections come without auto-commit, and with an open transaction of before. */
  void leaveTransactionsOpen() {
    dirty = true;
  }

  /** The driver's own connection, that is lent now. */
  Connection lent() {
    return lent;
  }

  /** Has the lent handle lead to another connection from now on. */
  void replaceConnection() throws SQLException {
    Connection before = lent;
    lent = real.getConnection();
    lent.setAutoCommit(false);
    before.close();
  }

  DataSource source() {
    return (DataSource) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) ->
            method.getName().equals("getConnection") ? lend() : invoke(real, method, arguments));
  }

  private Connection lend() throws SQLException {
    if (lent != null) {
      throw new SQLNonTransientConnectionException("the only connection is in use", "08001");
    }
    lent = real.getConnection();
    if (dirty) {
      lent.setAutoCommit(false);
      Database.execute(lent, "SELECT 1");
    }
    return (Connection) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "close" -> {
            Connection closing = lent;
            lent = null;
            if (closing != null) {
              closing.close();
            }
            yield null;
          }
          case "commit" -> {
            end();
            yield null;
          }
          case "rollback" -> {
            if (rollbacksFail) {
              throw new SQLException("not now", "HY000");
            }
            yield invoke(lent, method, arguments);
          }
          case "getMetaData" -> nameHidden ? unknown(lent.getMetaData()) : lent.getMetaData();
          default -> {
            if (lent == null) {
              throw new SQLNonTransientConnectionException("given back", "08003");
            }
            yield invoke(lent, method, arguments);
          }
        });
  }

  private static DatabaseMetaData unknown(DatabaseMetaData real) {
    return (DatabaseMetaData) Proxy.newProxyInstance(
        MeddledDatabase.class.getClassLoader(),
        new Class<?>[] {DatabaseMetaData.class},
        (proxy, method, arguments) -> method.getName().equals("getDriverName")
            ? "some driver"
            : invoke(real, method, arguments));
  }

  private void end() throws SQLException {
    Commit how = commit;
    commit = Commit.HONEST;
    switch (how) {
      case HONEST, THROWS_COMMITTED, BREAKS_COMMITTED -> lent.commit();
      case RETURNS_ROLLED_BACK, THROWS_ROLLED_BACK, BREAKS_ROLLED_BACK -> lent.rollback();
    }
    switch (how) {
      case HONEST, RETURNS_ROLLED_BACK -> {}
      case THROWS_COMMITTED, THROWS_ROLLED_BACK ->
        throw new SQLTransactionRollbackException("serialization failure", "40001");
      case BREAKS_COMMITTED, BREAKS_ROLLED_BACK -> {
        lent.close();
        throw new SQLNonTransientConnectionException("the connection broke", "08006");
      }
    }
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
