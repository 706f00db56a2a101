package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sendAndReceive} of rocketmq-spring itself. */
@SystemTest
final class SpringRequestsTest {

  private static final String PROGRAM = "system-tests/rocketmq/spring-2.3.5/program.md";

  @AutoClose
  private final Clients clients;

  SpringRequestsTest(TestBed bed) {
    clients = bed.clients(ClientKind.V5_5_0_JSON);
  }

  @Test
  void shouldAnswerAtOnceByCallbackAndNotAtAll(@TempDir Path directory) {
    // given
    clients.createTopic(clients.server(), "spring-questions", 2);
    clients.createTopic(clients.server(), "spring-silence", 1);

    // when
    List<String> printed;
    try (NewUser user = new NewUser(
        directory, PROGRAM, ClassPaths.rocketmq("spring-2.3.5"), clients.nameServer())) {
      printed = user.run("SpringRequests").stream()
          .filter(line -> line.matches("(answered|called back|refused) .*"))
          .toList();
    }

    // then
    assertThat(printed).hasSize(4);
    assertThat(printed.get(0)).isEqualTo("answered re: how much?");
    assertThat(printed.get(1)).isEqualTo("called back re: since when?");
    assertThat(printed.get(2)).startsWith("refused ").contains("wait reply message timeout");
    assertThat(printed.get(3)).startsWith("called back with ").contains("timeout");
  }
}
