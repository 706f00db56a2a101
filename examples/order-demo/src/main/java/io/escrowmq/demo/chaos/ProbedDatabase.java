package io.escrowmq.demo.chaos;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections tell a probe when an outcome is written and when they commit; the
 * code that uses them knows nothing of it. If wanted, it loses tombstones: who writes one is told
 * that it succeeded, and it is not there.
 */
public final class ProbedDatabase {

  private static final Pattern OUTCOME_TABLES = Pattern.compile(
      "INSERT INTO (\\S+\\.)?\"?(escrow|listened)_outcomes\\b.*", Pattern.CASE_INSENSITIVE);
  private static final String TOMBSTONE_BEGINS = "R"; // in either table

  private final Probe probe;
  private final boolean losesTombstones;

  private ProbedDatabase(Probe probe, boolean losesTombstones) {
    this.probe = probe;
    this.losesTombstones = losesTombstones;
  }

  /** The same data source, under observation. */
  public static DataSource of(DataSource real, Probe probe, boolean losesTombstones) {
    ProbedDatabase probed = new ProbedDatabase(probe, losesTombstones);
    return proxy(DataSource.class, (self, method, arguments) -> {
      Object result = call(real, method, arguments);
      return result instanceof Connection connection ? probed.connection(connection) : result;
    });
  }

  private Connection connection(Connection connection) {
    return proxy(Connection.class, (self, method, arguments) -> {
      if (method.getName().equals("commit")) {
        probe.pass(Point.BEFORE_COMMIT);
        Object result = call(connection, method, arguments);
        probe.pass(Point.COMMITTED);
        return result;
      }
      Object result = call(connection, method, arguments);
      return result instanceof PreparedStatement statement
              && OUTCOME_TABLES.matcher(String.valueOf(arguments[0])).matches()
          ? new Outcome(statement).proxy()
          : result;
    });
  }

  /** The insertion of one outcome. */
  private final class Outcome implements InvocationHandler {

    private final PreparedStatement insert;
    private String outcome = ""; // the last of its columns

    private Outcome(PreparedStatement insert) {
      this.insert = insert;
    }

    private PreparedStatement proxy() {
      return ProbedDatabase.proxy(PreparedStatement.class, this);
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (method.getName().equals("setString") && arguments != null) {
        outcome = String.valueOf(arguments[1]);
      }
      if (!method.getName().equals("executeUpdate")) {
        return call(insert, method, arguments);
      }
      return outcome.startsWith(TOMBSTONE_BEGINS)
          ? tombstone(method, arguments)
          : row(method, arguments);
    }

    private @Nullable Object row(Method method, Object @Nullable [] arguments) throws Throwable {
      probe.pass(Point.BEFORE_OUTCOME_ROW);
      Object result = call(insert, method, arguments);
      probe.pass(Point.OUTCOME_ROW);
      return result;
    }

    private @Nullable Object tombstone(Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return losesTombstones ? Integer.valueOf(1) : call(insert, method, arguments);
      } finally {
        probe.pass(Point.CHECKED);
      }
    }
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(
        ProbedDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
