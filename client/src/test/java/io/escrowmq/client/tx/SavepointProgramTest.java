package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionRolledBackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random transactions with savepoints, nested, released, gone back to, by methods and by SQL: what a
 * simple model keeps is what database and consumers have in the end, also when the process halts right
 * after the commit.
 */
@ParameterizedClass
@EnumSource(Database.class)
final class SavepointProgramTest {

  private static final int PROGRAMS = 25;
  private static final int STEPS = 14;

  private final Database database;
  private final TransactionBed bed;

  SavepointProgramTest(Database database) throws SQLException {
    this.database = database;
    this.bed = new TransactionBed(database.open(), database.open(), false);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldKeepWhatNoSavepointHasUndone(long seed) throws SQLException {
    Random random = new Random(seed);
    Set<Integer> rows = new TreeSet<>();
    Set<Integer> messages = new TreeSet<>();
    int next = 1;
    for (int i = 0; i < PROGRAMS; i++) {
      // given
      Program program = new Program(random, next);
      if (i >= PROGRAMS / 2) {
        bed.haltAfterCommit();
      }

      // when
      boolean committed = true;
      try {
        bed.transactions().inTransaction(program::run);
      } catch (TransactionRolledBackException e) {
        committed = false;
      }
      next = program.next;

      // then
      assertThat(committed).as("seed %s, %s", seed, program.steps).isEqualTo(!program.aborted);
      if (committed) {
        rows.addAll(program.kept.rows());
        messages.addAll(program.kept.messages());
      }
      if (i < PROGRAMS / 2) {
        assertThat(bed.visible())
            .as("seed %s, %s", seed, program.steps)
            .containsExactlyElementsOf(messages);
      } else {
        bed.settle();
        assertThat(bed.visible())
            .as("seed %s, %s", seed, program.steps)
            .containsExactlyInAnyOrderElementsOf(messages);
      }
      assertThat(bed.rows()).as("seed %s, %s", seed, program.steps).isEqualTo(rows);
    }
  }

  /** What a transaction has. */
  private record Content(Set<Integer> rows, Set<Integer> messages) {

    Content() {
      this(Set.of(), Set.of());
    }

    Content withRow(int n) {
      return new Content(with(rows, n), messages);
    }

    Content withMessage(int n) {
      return new Content(rows, with(messages, n));
    }

    private static Set<Integer> with(Set<Integer> some, int n) {
      Set<Integer> more = new TreeSet<>(some);
      more.add(n);
      return more;
    }
  }

  private record Mark(String name, Savepoint savepoint, Content content) {}

  /** One random transaction, and what it should leave. */
  private final class Program {

    private final Random random;
    private final List<String> steps = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>(); // that can be gone back to
    private Content kept = new Content();
    private boolean aborted;
    private int next;

    Program(Random random, int next) {
      this.random = random;
      this.next = next;
    }

    void run(Connection connection, TransactionMessages messages) throws SQLException {
      for (int i = 0; i < STEPS && !aborted; i++) {
        step(connection, messages);
      }
    }

    private void step(Connection connection, TransactionMessages messages) throws SQLException {
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          steps.add("insert " + next);
          bed.insert(connection, next);
          kept = kept.withRow(next++);
        }
        case 2, 3 -> {
          steps.add("send " + next);
          messages.send(Message.to("t").body("" + next));
          kept = kept.withMessage(next++);
        }
        case 4, 5 -> set(connection);
        case 6 -> {
          if (!marks.isEmpty()) {
            undo(connection, random.nextInt(marks.size()));
          }
        }
        case 7 -> {
          if (random.nextBoolean()) {
            fail(connection);
          } else if (!marks.isEmpty()) {
            release(connection, random.nextInt(marks.size()));
          }
        }
        default -> throw new AssertionError();
      }
    }

    private void set(Connection connection) throws SQLException {
      String name = "s" + next++;
      steps.add("savepoint " + name);
      if (random.nextBoolean()) {
        marks.add(new Mark(name, connection.setSavepoint(name), kept));
      } else {
        Database.execute(connection, "SAVEPOINT " + name);
        marks.add(new Mark(name, null, kept));
      }
    }

    private void undo(Connection connection, int index) throws SQLException {
      Mark mark = marks.get(index);
      steps.add("back to " + mark.name());
      if (mark.savepoint() != null) {
        connection.rollback(mark.savepoint());
      } else {
        Database.execute(connection, "ROLLBACK TO SAVEPOINT " + mark.name());
      }
      marks.subList(index + 1, marks.size()).clear();
      kept = mark.content();
    }

    private void release(Connection connection, int index) throws SQLException {
      Mark mark = marks.get(index);
      steps.add("release " + mark.name());
      if (mark.savepoint() != null) {
        connection.releaseSavepoint(mark.savepoint());
      } else {
        Database.execute(connection, "RELEASE SAVEPOINT " + mark.name());
      }
      marks.subList(index, marks.size()).clear();
    }

    /** A statement fails; where that aborts the transaction, it goes back to a savepoint, if any. */
    private void fail(Connection connection) throws SQLException {
      steps.add("fail");
      try {
        Database.execute(connection, "INSERT INTO " + bed.business() + " VALUES (1 / 0)");
        throw new AssertionError("it should fail");
      } catch (SQLException e) {
        if (database == Database.POSTGRES && marks.isEmpty()) {
          aborted = true;
        } else if (database == Database.POSTGRES) {
          undo(connection, random.nextInt(marks.size()));
        }
      }
    }
  }
}
