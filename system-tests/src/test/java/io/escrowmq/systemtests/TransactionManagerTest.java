package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.systemtests.program.TwoPhaseProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Narayana, a database with XA and messages: a real manager in processes that are killed, on a broker that soon gives
 * up what nobody decides.
 */
@ParameterizedClass
@EnumSource(DatabaseServer.Kind.class)
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
@ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS)
final class TransactionManagerTest {

  private static final Map<String, String> IMPATIENT = Map.of(
      "tx.first-check", "100ms",
      "tx.check-every", "100ms",
      "tx.check-max-pause", "100ms",
      "tx.max-checks", "1",
      "tx.exhausted", "discard");

  private final ServerProcess server;
  private final Clients clients;
  private final TransactionRequests requests;
  private final String group;
  private final String topic;
  private final DatabaseServer database;

  TransactionManagerTest(DatabaseServer.Kind kind, TestBed bed) throws SQLException, IOException {
    server = bed.startBoth("two-phase", IMPATIENT);
    clients = bed.clients(ClientKind.V5_5_0_JSON, server);
    requests = new TransactionRequests(clients);
    group = clients.freshGroup();
    topic = clients.freshTopic(1);
    database = kind.start();
  }

  @BeforeEach
  void create() throws SQLException {
    database.execute("CREATE TABLE orders (id VARCHAR(99))");
  }

  @AfterEach
  void end() throws SQLException, IOException {
    database.close();
    clients.close();
    server.close();
  }

  private Programs programs(Path directory) {
    return new Programs(
        directory,
        TwoPhaseProgram.class,
        List.of(clients.nameServer(), database.address(), group, topic));
  }

  private List<String> rows() throws SQLException {
    return database.texts("SELECT id FROM orders");
  }

  private List<String> visible() {
    return new StoredQueues(clients, topic, 1).bodies();
  }

  @Test
  void shouldEndDatabaseAndMessagesTogether(@TempDir Path directory) throws SQLException {
    // given
    try (Programs programs = programs(directory)) {

      // when
      programs.awaitEnd(programs.start("end"));

      // then
      assertThat(rows()).containsExactly("committed");
      assertThat(visible()).containsExactly("committed");
      assertThat(requests.open(group)).isZero();
    }
  }

  @Test
  void shouldRecoverInANewProcessWhatWasPrepared(@TempDir Path directory) throws SQLException {
    // given
    try (Programs programs = programs(directory)) {
      programs.killAt("held at HALF_SENT", "hold-prepared");
      programs.killAt("held at BEFORE_COMMIT", "hold-decided");
      letTheBrokerGiveUp();
      assertThat(requests.list(group).members("state")).containsExactly("PREPARED", "PREPARED");
      assertThat(rows()).isEmpty();
      assertThat(visible()).isEmpty();

      // when
      JavaProcess back = programs.start("recover");

      // then
      within(60).until(() -> requests.open(group) == 0);
      within(60).untilAsserted(() -> assertThat(rows()).containsExactly("decided"));
      within(60).untilAsserted(() -> assertThat(visible()).containsExactly("decided"));
      back.enter();
      programs.awaitEnd(back);
    }
  }

  /** Returns when it has asked a member of the group about another half-message, and dropped that. */
  private void letTheBrokerGiveUp() {
    try (EscrowClient client =
        EscrowClient.builder().nameServers(clients.nameServer()).build()) {
      EscrowJta unused = EscrowJta.on(client).group(group).build(); // a member who can be asked
      long id = requests.half(group, topic, "in doubt", Map.of());
      within(60).until(() -> requests.state(id).equals("ROLLED_BACK"));
    }
  }
}
