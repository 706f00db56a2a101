package io.escrowmq.client.tx;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose transaction is ended by the client and not by its user: to close it does nothing,
 * to end its transaction is refused, whether by a method or by SQL text. A watch hears of whatever
 * else may split the transaction. What it hands out leads back to it, not to the driver's connection.
 * Each call that gets to the driver has a turn, so that none is done behind the transaction's end.
 */
final class GuardedConnection {

  /** Neither executes anything nor leads to the driver's connection; beside getters and creators. */
  private static final Set<String> HARMLESS = Set.of(
      "nativeSQL",
      "clearWarnings",
      "setSchema",
      "setCatalog",
      "setClientInfo",
      "setHoldability",
      "setTypeMap",
      "setNetworkTimeout");

  /** They change nothing in the database, and need not wait for what another thread does there. */
  private static final Set<String> AT_ANY_TIME = Set.of("close", "isClosed", "cancel");

  private final Connection connection;
  private final ConnectionWatch watch;
  private final Turns turns;
  private final Connection proxy;

  private GuardedConnection(Connection connection, ConnectionWatch watch, Turns turns) {
    this.connection = connection;
    this.watch = watch;
    this.turns = turns;
    this.proxy = wrap(Connection.class, connection, null, this::onConnection);
  }

  /** The same connection, guarded. */
  static Connection of(Connection connection, ConnectionWatch watch, Turns turns) {
    return new GuardedConnection(connection, watch, turns).proxy;
  }

  /** One call of a wrapped object. */
  private interface Call {
    @Nullable
    Object run(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
        throws SQLException;
  }

  /**
   * @param executes what can be cancelled while a call runs
   */
  private <T> T wrap(Class<T> type, T wrapped, @Nullable Statement executes, Call call) {
    InvocationHandler handler = (self, method, arguments) -> switch (method.getName()) {
      case "equals" -> self == Objects.requireNonNull(arguments)[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "guarded " + wrapped;
      case "isWrapperFor" ->
        ((Class<?>) Objects.requireNonNull(arguments)[0]).isInstance(self)
            || Boolean.TRUE.equals(pass(wrapped, method, arguments));
      case "unwrap" ->
        inTurn(
            executes,
            self,
            method,
            arguments,
            (proxied, called, values) ->
                unwrap(proxied, wrapped, called, Objects.requireNonNull(values)));
      default -> inTurn(executes, self, method, arguments, call);
    };
    return type.cast(Proxy.newProxyInstance(
        GuardedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private @Nullable Object inTurn(
      @Nullable Statement executes,
      Object self,
      Method method,
      @Nullable Object @Nullable [] arguments,
      Call call)
      throws SQLException {
    String name = method.getName();
    if (AT_ANY_TIME.contains(name)) {
      return name.equals("cancel") && turns.isOver() ? null : call.run(self, method, arguments);
    }
    if (!turns.begin(executes)) {
      throw turns.refusal();
    }
    try {
      return call.run(self, method, arguments);
    } finally {
      turns.finish();
    }
  }

  private @Nullable Object unwrap(
      Object self, Object wrapped, Method method, @Nullable Object[] arguments)
      throws SQLException {
    if (((Class<?>) Objects.requireNonNull(arguments[0])).isInstance(self)) {
      return self;
    }
    watch.beforeStatement();
    watch.exposed();
    return pass(wrapped, method, arguments);
  }

  private @Nullable Object onConnection(
      Object self, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
    String name = method.getName();
    switch (name) {
      case "close" -> {
        return null;
      }
      case "commit", "abort" -> throw refused(name);
      case "setAutoCommit" -> {
        if (Boolean.TRUE.equals(Objects.requireNonNull(arguments)[0])) {
          throw refused("setAutoCommit(true)");
        }
        return null;
      }
      case "rollback" -> {
        if (arguments == null) {
          throw refused(name);
        }
        return undo(connection, method, arguments);
      }
      case "createStatement" -> {
        return statement(Statement.class, method, arguments);
      }
      case "prepareStatement" -> {
        return statement(PreparedStatement.class, method, arguments);
      }
      case "prepareCall" -> {
        return statement(CallableStatement.class, method, arguments);
      }
      case "getMetaData" -> {
        return metaData(pass(connection, method, arguments));
      }
      case "setSavepoint", "releaseSavepoint" -> {
        watch.beforeStatement();
        watch.split();
      }
      default -> {
        if (!isHarmless(name)) {
          watch.split();
        }
      }
    }
    return pass(connection, method, arguments);
  }

  private static boolean isHarmless(String name) {
    return name.startsWith("get")
        || name.startsWith("is")
        || name.startsWith("create")
        || HARMLESS.contains(name);
  }

  private @Nullable Object undo(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
    watch.beforeStatement();
    watch.split();
    Object result = pass(target, method, arguments);
    watch.undone();
    return result;
  }

  private static SQLException refused(String what) {
    return new SQLException("the client ends this transaction: " + what
        + " is refused here; return to commit, throw to roll back");
  }

  private DatabaseMetaData metaData(@Nullable Object real) {
    DatabaseMetaData metaData = (DatabaseMetaData) Objects.requireNonNull(real);
    return wrap(DatabaseMetaData.class, metaData, null, (self, method, arguments) -> {
      if (method.getName().equals("getConnection")) {
        return proxy;
      }
      return results(
          null, null, pass(metaData, method, arguments)); // of no statement of the user's
    });
  }

  /** What the driver returned; rows lead back to the guarded statement. */
  private @Nullable Object results(
      @Nullable Object statement, @Nullable Statement executes, @Nullable Object result) {
    return result instanceof ResultSet rows
        ? wrap(
            ResultSet.class,
            rows,
            executes,
            (self, method, arguments) ->
                method.getName().equals("getStatement") ? statement : pass(rows, method, arguments))
        : result;
  }

  private <S extends Statement> S statement(
      Class<S> type, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
    SqlKind kind = arguments != null && arguments[0] instanceof String sql ? kindOf(sql) : null;
    S real = type.cast(Objects.requireNonNull(pass(connection, method, arguments)));
    return wrap(type, real, real, new GuardedStatement(real, kind)::call);
  }

  /** The kind of a text that may be executed. */
  private static SqlKind kindOf(String sql) throws SQLException {
    SqlKind kind = SqlKind.of(sql);
    if (kind == SqlKind.END) {
      throw refused("'" + sql.strip() + "'");
    }
    return kind;
  }

  /** One statement of the user's. Owner: the user's thread. */
  private final class GuardedStatement {

    private final Statement real;
    private SqlKind kind; // of what it was prepared with, or of its batch

    GuardedStatement(Statement real, @Nullable SqlKind prepared) {
      this.real = real;
      this.kind = prepared == null ? SqlKind.PLAIN : prepared;
    }

    @Nullable
    Object call(Object self, Method method, @Nullable Object @Nullable [] arguments)
        throws SQLException {
      String name = method.getName();
      if (name.equals("getConnection")) {
        return proxy;
      }
      if (name.equals("addBatch") && arguments != null) {
        kind = kind.or(kindOf((String) Objects.requireNonNull(arguments[0])));
      }
      if (!name.startsWith("execute")) {
        return results(self, real, pass(real, method, arguments));
      }
      SqlKind executed =
          arguments != null && arguments[0] instanceof String sql ? kindOf(sql) : kind;
      return switch (executed) {
        case PLAIN -> {
          watch.beforeStatement();
          yield results(self, real, pass(real, method, arguments));
        }
        case SETTING -> {
          watch.split();
          yield results(self, real, pass(real, method, arguments));
        }
        case UNDO -> undo(real, method, arguments);
        case OTHER -> {
          watch.beforeStatement();
          watch.split();
          yield results(self, real, pass(real, method, arguments));
        }
        case END -> throw new IllegalStateException("refused when its text was given");
      };
    }
  }

  /** Has the driver do it. */
  private @Nullable Object pass(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        watch.failed(failure);
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new SQLException(e.getCause()); // JDBC's methods declare nothing else
    } catch (IllegalAccessException e) {
      throw new SQLException(e);
    }
  }
}
