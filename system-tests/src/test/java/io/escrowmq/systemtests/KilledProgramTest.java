package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.demo.chaos.Point;
import io.escrowmq.systemtests.program.TableProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kill -9 of a process in a transaction with an outcome table, at each of its steps. */
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class KilledProgramTest {

  @AutoClose
  private final Clients clients;

  private final TransactionRequests requests;
  private final String group;
  private final String topic;

  KilledProgramTest(TestBed bed) {
    clients = bed.clients(ClientKind.V5_5_0_JSON);
    requests = new TransactionRequests(clients);
    group = clients.freshGroup();
    topic = clients.freshTopic(1);
  }

  @ParameterizedTest
  @CsvSource({
    "H2, BEFORE_OUTCOME_ROW, 0, false",
    "H2, OUTCOME_ROW, 0, false",
    "H2, HALF_SENT, 0 or 1, false",
    "H2, BEFORE_COMMIT, 1, false",
    "H2, COMMITTED, 1, true",
    "H2, TOLD, 0 or 1, true",
    "POSTGRES, BEFORE_COMMIT, 1, false",
    "POSTGRES, COMMITTED, 1, true"
  })
  void shouldShowTheMessageIfItsRowIsCommitted(
      DatabaseServer.Kind kind,
      Point killedAt,
      String inDoubt,
      boolean committed,
      @TempDir Path directory)
      throws SQLException, IOException {
    // given
    try (DatabaseServer database = kind.start();
        Programs programs = programs(directory, database)) {
      database.execute("CREATE TABLE orders (id VARCHAR(99))");

      // when
      programs.killAt("held at " + killedAt, "first", killedAt.name());
      assertThat(inDoubt).contains(Integer.toString(requests.open(group)));
      JavaProcess back = programs.start("second");
      programs.await(back, "committed");

      // then
      within(60).until(() -> requests.open(group) == 0);
      List<String> rows = database.texts("SELECT id FROM orders");
      assertThat(rows)
          .containsExactlyInAnyOrderElementsOf(
              committed ? List.of("first", "second") : List.of("second"));
      StoredQueues queues = new StoredQueues(clients, topic, 1);
      within(60)
          .untilAsserted(
              () -> assertThat(queues.bodies()).containsExactlyInAnyOrderElementsOf(rows));
      back.enter();
      programs.awaitEnd(back);
    }
  }

  private Programs programs(Path directory, DatabaseServer database) {
    return new Programs(
        directory,
        TableProgram.class,
        List.of(clients.nameServer(), database.address(), group, topic));
  }
}
