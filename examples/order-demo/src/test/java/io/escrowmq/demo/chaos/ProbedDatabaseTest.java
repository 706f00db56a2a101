package io.escrowmq.demo.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

final class ProbedDatabaseTest {

  private final List<Point> reports = new ArrayList<>();
  private final Probe probe = new Probe(this::held);
  private final DataSource real = inMemory();

  /** Lets the thread that is held go on at once. */
  private void held(Point point) {
    reports.add(point);
    probe.go();
  }

  private static DataSource inMemory() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:probed;DB_CLOSE_DELAY=-1");
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS escrow_outcomes");
      statement.execute("CREATE TABLE escrow_outcomes (id VARCHAR(9), outcome VARCHAR(9))");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return h2;
  }

  private void write(boolean losesTombstones, String outcome) throws SQLException {
    try (Connection connection = ProbedDatabase.of(real, probe, losesTombstones).getConnection();
        PreparedStatement insert = connection.prepareStatement(
            "INSERT INTO \"PUBLIC\".escrow_outcomes (id, outcome) VALUES (?, ?)")) {
      connection.setAutoCommit(false);
      insert.setString(1, "t1");
      insert.setString(2, outcome);
      assertThat(insert.executeUpdate()).isOne();
      connection.commit();
    }
  }

  private int rows() throws SQLException {
    try (Connection connection = real.getConnection();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM escrow_outcomes")) {
      count.next();
      return count.getInt(1);
    }
  }

  @Test
  void shouldReportStepThatIsArmedWhenItIsPassedForTheSecondTime() throws SQLException {
    // given
    probe.arm(Point.COMMITTED, 2);

    // when
    write(false, "C");

    // then
    assertThat(reports).isEmpty();

    // when
    write(false, "C");
    write(false, "C");

    // then
    assertThat(reports).containsExactly(Point.COMMITTED);
  }

  @Test
  void shouldPassOutcomeRowsThatAreNoTombstones() throws SQLException {
    // given
    probe.arm(Point.OUTCOME_ROW, 1);

    // when
    write(false, "R");

    // then
    assertThat(reports).isEmpty();

    // when
    write(false, "C");

    // then
    assertThat(reports).containsExactly(Point.OUTCOME_ROW);
  }

  @Test
  void shouldLoseTombstonesAndNothingElse() throws SQLException {
    // when
    write(true, "R");
    write(true, "C");

    // then
    assertThat(rows()).isOne();
  }

  @Test
  void shouldKeepTombstonesOtherwise() throws SQLException {
    // when
    write(false, "R");

    // then
    assertThat(rows()).isOne();
  }
}
