package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A client of RocketMQ 4.4.0, which sends to the port two below the one that it knows. */
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class OldClientTest {

  private static final String PROGRAM = "system-tests/rocketmq/client-4.4.0/program.md";

  /** Its Netty (4.0.42) looks for a field of java.nio.Buffer and does not expect to be refused. */
  private static final String LETS_ITS_NETTY_START = "--add-opens=java.base/java.nio=ALL-UNNAMED";

  private final TestBed bed;

  OldClientTest(TestBed bed) {
    this.bed = bed;
  }

  @Test
  void shouldSendAtThePortThatIsItsDefault(@TempDir Path directory) {
    assertThat(send(directory, Map.of())).containsExactly("VIP channel true", "sent SEND_OK");
  }

  /** Otherwise the test above would say nothing. */
  @Test
  void shouldFailWhereNobodyListensThere(@TempDir Path directory) {
    assertThat(send(directory, Map.of("broker.vip-channel", "false")))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("failed ");
  }

  private List<String> send(Path directory, Map<String, String> settings) {
    try (ServerProcess server = bed.startBoth("old-client", settings)) {
      // With any free port there is no port below it; the second start has the port of the first.
      server.stop();
      server.start();
      try (Clients clients = bed.clients(ClientKind.V5_5_0_JSON, server);
          NewUser user = new NewUser(
              directory,
              PROGRAM,
              ClassPaths.rocketmq("client-4.4.0"),
              server.nameServer(),
              LETS_ITS_NETTY_START)) {
        clients.createTopic(server, "old-topic", 1);
        return user.run("OldProducer").stream()
            .filter(line -> line.matches("(VIP channel|sent|failed) .*"))
            .toList();
      }
    }
  }
}
